"""The five queries: their variables from the data set, and Postgres's own answers to compare with."""

import json
import pathlib
import random
import re
from datetime import datetime

from world import post, typeid, uuid_of

HERE = pathlib.Path(__file__).resolve().parent
QUERIES = ["q1", "q2", "q3", "q4", "q5"]
PAGE = 100


class Workload:
    """Reads touch members 1 to 190, the mutation adds nodes to flows of 191 to 200."""

    def __init__(self, postgres, database):
        self.postgres, self.database = postgres, database
        self.random = random.Random(20260101)
        self.readers = self._ids("SELECT id FROM users WHERE {number} BETWEEN 1 AND 190")
        self.flows = self._ids("SELECT f.id FROM automation_flows f JOIN users u ON u.id = f.user_id "
                               "WHERE {number} BETWEEN 1 AND 190")
        pages = self._ids(f"SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS place "
                          f"FROM execution_logs) l WHERE place % {PAGE} = 0 AND place < 2000", order="id DESC")
        self.cursors = [None] + [typeid("cursor", page) for page in pages]
        changed = postgres.psql(database, """
            SELECT f.id || ' ' || i.id FROM automation_flows f JOIN integrations i
            ON i.organization_id = f.organization_id AND i.user_id = f.user_id AND i.type = 'slack'
            JOIN users u ON u.id = f.user_id WHERE substr(u.name, 6)::int > 190 AND u.name LIKE 'User %' ORDER BY 1""")
        self.changed = [line.split() for line in changed.splitlines()]

    def _ids(self, sql, order="1"):
        number = "(CASE WHEN u.name LIKE 'User %' THEN substr(u.name, 6)::int END)"
        sql = sql.format(number=number).replace("FROM users WHERE", "FROM users u WHERE")
        return self.postgres.psql(self.database, f"{sql} ORDER BY {order}").splitlines()

    def variables(self, query):
        """Variable sets in a fixed order."""
        pick = self.random.__class__(query).choice
        if query == "q1":
            return [{"id": typeid("flow", pick(self.flows))} for _ in range(200)]
        if query == "q2":
            return [{"id": typeid("user", pick(self.readers))} for _ in range(100)]
        if query == "q3":
            return [{"first": PAGE, "after": pick(self.cursors)} for _ in range(40)]
        if query == "q4":
            return [self._node(index, *pick(self.changed)) for index in range(200)]
        return [{}]

    @staticmethod
    def _node(index, flow, integration):
        node = {"key": "@UNIQUE@", "title": f"New step {index}", "kind": "ACTION", "detail": "inserted by the runs",
                "config": {"type": "log", "message": "done"}}
        if index % 3:
            node["integrationId"] = typeid("intg", integration)
        return {"input": {"flowId": typeid("flow", flow), "node": node}}

    def bodies(self):
        """Requests' bodies by query."""
        made = {}
        for query in QUERIES:
            text = (HERE / f"queries/{query}.graphql").read_text()
            made[query] = [json.dumps({"query": text, "variables": each}) for each in self.variables(query)]
        return made

    def check(self, target):
        """Compares answers with Postgres's own; gives what is wrong."""
        wrong = []
        for query, bodies in target.bodies.items():
            variables = self.variables(query)
            for index in range(min(3, len(bodies))):
                body = bodies[index].replace("@UNIQUE@", f"benchcheck{index}_{len(wrong)}")
                answer = json.loads(post(target.url, body, target.headers))
                if answer.get("errors") or not answer.get("data"):
                    wrong.append(f"{query}: {str(answer.get('errors'))[:300]}")
                elif query in ("q1", "q2", "q3"):
                    expected = self.reference(query, variables[index])
                    fault = difference(expected, levelled(answer["data"]))
                    if fault:
                        wrong.append(f"{query}: {fault}")
        if target.after_changes:
            target.after_changes()
        return wrong

    def reference(self, query, variables):
        sql = (HERE / f"reference/{query}.sql").read_text()
        if query == "q3":
            skipped = PAGE * self.cursors.index(variables["after"])
            sql = sql.replace("@FIRST@", str(variables["first"])).replace("@SKIPPED@", str(skipped))
        else:
            sql = sql.replace("@ID@", f"'{uuid_of(variables['id'])}'")
        return levelled(json.loads(self.postgres.psql(self.database, sql)))


TYPE_ID = re.compile(r"^[a-z]+_[0-9a-z]{26}$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def levelled(value):
    """Ids as UUIDs and times as milliseconds, however they are written."""
    if isinstance(value, dict):
        return {key: levelled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [levelled(item) for item in value]
    if isinstance(value, str) and TYPE_ID.match(value):
        return uuid_of(value)
    if isinstance(value, str) and TIME.match(value):
        # Python 3.11 knows "Z"; Postgres leaves digits out that are zero.
        moment = datetime.fromisoformat(re.sub(r"\.(\d+)", lambda found: "." + (found[1] + "00000")[:6], value))
        return int(moment.timestamp() * 1000)
    return value


def difference(expected, found, at="data"):
    """The first place where two answers differ, or None."""
    if type(expected) is not type(found):
        return f"{at}: {str(expected)[:80]} / {str(found)[:80]}"
    if isinstance(expected, dict):
        if set(expected) != set(found):
            return f"{at}: members {sorted(set(expected) ^ set(found))}"
        pairs = ((key, expected[key], found[key]) for key in expected)
    elif isinstance(expected, list):
        if len(expected) != len(found):
            return f"{at}: {len(expected)} / {len(found)} items"
        pairs = ((index, expected[index], found[index]) for index in range(len(expected)))
    else:
        return None if expected == found else f"{at}: {str(expected)[:80]} / {str(found)[:80]}"
    return next((fault for key, a, b in pairs if (fault := difference(a, b, f"{at}.{key}"))), None)
