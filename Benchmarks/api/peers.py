"""Other servers over the same rows in tables of their own, where a folder beside this repository has them: graphql-js,
one json_agg statement behind a plain Go server (go-onesql), and that statement alone under pgbench (limit).

The folder's README says how they are built and what they are; its `setup.sh` builds what needs building.
"""

import json
import os
import pathlib

from load import Script, Target
from world import Process

DATABASE = "peers"
# What pgbench fills the statements with: the same rows as the folder's variables.
FILLED = {
    "q1": ("\\set u random(1,190)\n\\set f random(1,20)\n", "md5('flow:'||(:u)::text||':'||(:f)::text)::uuid"),
    "q2": ("\\set u random(1,190)\n", "md5('user:'||(:u)::text)::uuid"),
    "q3": ("\\set o random(0,19)\n", ""),
    "q4": ("\\set u random(191,200)\n\\set f random(1,20)\n", "md5('flow:'||(:u)::text||':'||(:f)::text)::uuid"),
}


class Peers:
    def __init__(self, folder, postgres, build, log):
        self.folder, self.postgres, self.build, self.log = pathlib.Path(folder), postgres, pathlib.Path(build), log
        self.started = []
        postgres.make_database(DATABASE)
        if postgres.psql(DATABASE, "SELECT to_regclass('execution_logs') IS NULL") == "t":
            postgres.psql(DATABASE, file=self.folder / "dataset.sql")
            postgres.psql(DATABASE, "GRANT ALL ON ALL TABLES IN SCHEMA public TO api")

    def make(self, name, port):
        if name == "limit":
            made = Script("limit", self.postgres.port, DATABASE, self.scripts())
        elif name == "rows":
            text = (self.folder / "limit/q2.rows.sql").read_text()
            return Script("rows", self.postgres.port, DATABASE, {"q2": text})
        else:
            command, more = self.commands()[name]
            environment = dict(
                more, PORT=str(port), HOST="127.0.0.1", DATABASE_URL=self.postgres.url(DATABASE), TZ="UTC",
                PGHOST="127.0.0.1", PGPORT=str(self.postgres.port), PGUSER="api", PGDATABASE=DATABASE)
            process = Process(command, environment, port, self.log / f"{name}.log")
            self.started.append(process)
            made = Target(name, f"http://127.0.0.1:{port}/graphql", [process.process.pid],
                          self.queries(["q1", "q2", "q3"] if name == "go-onesql" else None))
        made.after_changes = self.forget_changes
        return made

    def commands(self):
        schema = {"RIG_SCHEMA": str(self.folder / "schema.graphql")}
        modules = os.pathsep.join([str(self.build / "root/usr/share/nodejs"), "/usr/share/nodejs"])
        return {
            "node": (["node", self.folder / "peers/node/server.js"],
                     dict(schema, NODE_PATH=modules, NODE_ENV="production")),
            "go": ([self.build / "gopeer"], schema),
            "go-onesql": ([self.build / "gopeer"], {"RIG_LIMIT": str(self.folder / "limit"), "RIG_MODE": "onesql"}),
        }

    def queries(self, only):
        made = {}
        for query in only or ["q1", "q2", "q3", "q4", "q5"]:
            text = (self.folder / f"queries/{query}.graphql").read_text()
            variables = json.loads((self.folder / f"queries/{query}.vars.json").read_text())
            made[query] = [json.dumps({"query": text, "variables": each}) for each in variables]
        return made

    def scripts(self):
        made = {}
        for query, (sets, identifier) in FILLED.items():
            text = (self.folder / f"limit/{query}.sql").read_text()
            text = text.replace("@ID@", identifier).replace("@LIMIT@", "100").replace("@OFFSET@", "(100 * (:o)::int)")
            made[query] = sets + " ".join(text.split()) + ";\n"
        return made

    def forget_changes(self):
        self.postgres.psql(DATABASE, "DELETE FROM automation_nodes WHERE node_order >= 1000")
        self.postgres.psql(DATABASE, "VACUUM ANALYZE automation_nodes")
        self.postgres.psql(DATABASE, "CHECKPOINT")

    def stop(self):
        for process in self.started:
            process.stop()
