"""The 61 audits of the public audit suite for servers of GraphQL over HTTP, by their ids, against the profile `audit`.

Each row is what is sent and what must come back; the words (MUST, SHOULD, MAY) are the suite's.
"""

import json
from dataclasses import dataclass, field

import pytest
import requests

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
HELLO = {"query": "{ __typename }"}
NAMED = {"query": "query Type($name: String!) { __type(name: $name) { name } }", "variables": {"name": "sometype"}}
UNKNOWN_FIELD = {"query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }"}
COERCION = {"query": "query CoerceFailure($id: ID!){ __typename }", "variables": {"id": None}}
OK, BAD, CLIENT, ANY_ERROR = [(200, 200)], [(400, 400)], [(400, 499)], [(400, 599)]


@dataclass
class Audit:
    id: str
    wants: str
    status: list
    body: object = field(default_factory=lambda: HELLO)
    accept: str = None
    content_type: str = JSON
    url: dict = None
    answers: str = None
    lacks: str = None

    def send(self, address):
        headers = {"Content-Type": self.content_type, "Accept": self.accept, "User-Agent": None}
        headers = {name: value for name, value in headers.items() if value is not None}
        # requests adds an Accept of its own unless it is told not to.
        session = requests.Session()
        session.headers.clear()
        if self.url is not None:
            headers.pop("Content-Type", None)
            return session.get(address, params=self.url, headers=headers, timeout=20)
        body = self.body if isinstance(self.body, (str, type(None))) else json.dumps(self.body)
        return session.post(address, data=body, headers=headers, timeout=20)

    def check(self, answer):
        assert any(low <= answer.status_code <= high for low, high in self.status), (answer.status_code, answer.text)
        answer.content.decode("utf-8")
        if self.answers:
            assert self.answers in answer.headers["Content-Type"]
        if self.lacks:
            assert self.lacks not in answer.json()


def media_types():
    yield Audit("22EB", "SHOULD accept application/graphql-response+json", OK, accept=GRAPHQL, answers=GRAPHQL)
    yield Audit("4655", "MUST accept application/json and match it", OK, accept=JSON, answers=JSON)
    yield Audit("47DE", "SHOULD accept */* and use application/json", OK, accept="*/*", answers=JSON)
    yield Audit("80D8", "SHOULD assume application/json when accept is missing", OK, answers=JSON)
    yield Audit("82A3", "MUST use utf-8 encoding when responding", OK)
    yield Audit("BF61", "MUST accept utf-8 encoded request", OK, {"query": '{ __type(name: "Run🏃Swim🏊") { name } }'},
                content_type="application/json; charset=utf-8")
    yield Audit("78D5", "MUST assume utf-8 in request if encoding is unspecified", OK)


def methods():
    yield Audit("2C94", "MUST accept POST requests", OK)
    yield Audit("5A70", "MAY accept application/x-www-form-urlencoded formatted GET requests", OK, url=HELLO)
    yield Audit("9C48", "MAY NOT allow executing mutations on GET requests", CLIENT, accept=GRAPHQL,
                url={"query": "mutation { __typename }"})
    yield Audit("9ABE", "SHOULD respond with 4xx if content-type is not supplied on POST requests", CLIENT,
                content_type="text/plain;charset=UTF-8")
    yield Audit("03D4", "MUST accept application/json POST requests", OK)
    yield Audit("A5BF", "MAY use 400 status code when request body is missing on POST", BAD, None)


def parameters():
    yield Audit("423L", "MAY use 400 on missing {query}", BAD, {"notquery": "{ __typename }"}, GRAPHQL)
    for index, wrong in enumerate([{"obj": "ect"}, 0, False, ["array"]]):
        yield Audit(f"LKJ{index}", f"MAY use 400 on {wrong} {{query}}", BAD, {"query": wrong})
        yield Audit(f"6C0{index}", f"MAY use 400 on {wrong} {{operationName}}", BAD, {**HELLO, "operationName": wrong})
    for index, wrong in enumerate(["string", 0, False, ["array"]]):
        yield Audit(f"476{index}", f"MAY use 400 on {wrong} {{variables}}", BAD, {**HELLO, "variables": wrong})
        yield Audit(f"58B{index}", f"MAY use 400 on {wrong} {{extensions}}", BAD, {**HELLO, "extensions": wrong})
    yield Audit("34A2", "SHOULD allow string {query}", OK, accept=GRAPHQL)
    yield Audit("13EE", "MUST allow string {query}", OK, accept=JSON, lacks="errors")
    operation = {"operationName": "Query", "query": "query Query { __typename }"}
    yield Audit("8161", "SHOULD allow string {operationName}", OK, operation, GRAPHQL)
    yield Audit("B8B3", "MUST allow string {operationName}", OK, operation, JSON, lacks="errors")
    for index, name in enumerate(["variables", "operationName", "extensions"]):
        yield Audit(f"94B{index}", f"SHOULD allow null {{{name}}}", OK, {**HELLO, name: None}, GRAPHQL, lacks="errors")
        yield Audit(f"022{index}", f"MUST allow null {{{name}}}", OK, {**HELLO, name: None}, JSON, lacks="errors")
    yield Audit("2EA1", "SHOULD allow map {variables}", OK, NAMED, GRAPHQL)
    yield Audit("28B9", "MUST allow map {variables}", OK, NAMED, JSON, lacks="errors")
    in_url = {**NAMED, "variables": json.dumps(NAMED["variables"])}
    yield Audit("D6D5", "MAY allow URL-encoded JSON {variables} in GETs", OK, accept=GRAPHQL, url=in_url, lacks="errors")
    yield Audit("6A70", "MAY allow URL-encoded JSON {variables} in GETs", OK, accept=JSON, url=in_url, lacks="errors")
    extended = {**HELLO, "extensions": {"some": "value"}}
    yield Audit("428F", "SHOULD allow map {extensions}", OK, extended, GRAPHQL)
    yield Audit("1B7A", "MUST allow map {extensions}", OK, extended, JSON, lacks="errors")


def failures():
    broken = '{ "not a JSON'
    typo = {"qeury": "{ __typename }"}
    yield Audit("B6DC", "MAY use 2xx, 4xx, or 5xx on JSON parsing failure", [(200, 299), (400, 599)], broken, JSON)
    yield Audit("BCF8", "SHOULD use 400 on JSON parsing failure", BAD, broken, JSON)
    yield Audit("B7N8", "SHOULD use 400 on JSON parsing failure", BAD, broken, GRAPHQL)
    yield Audit("8764", "MAY use 4xx or 5xx if parameters are invalid", ANY_ERROR, typo)
    yield Audit("3E3A", "MAY use 400 if parameters are invalid", BAD, typo)
    unparsable = {"query": "{"}
    yield Audit("572B", "SHOULD use 200 on document parsing failure", OK, unparsable, JSON)
    yield Audit("FDE2", "SHOULD use 200 on document validation failure", OK, UNKNOWN_FIELD, JSON)
    yield Audit("7B9B", "SHOULD use 200 on variable coercion failure", OK, COERCION, JSON)
    yield Audit("865D", "SHOULD use 4xx or 5xx on document parsing failure", ANY_ERROR, unparsable, GRAPHQL)
    yield Audit("556A", "SHOULD use 400 on document parsing failure", BAD, unparsable, GRAPHQL)
    yield Audit("D586", "SHOULD not contain data on document parsing failure", ANY_ERROR, unparsable, GRAPHQL, lacks="data")
    yield Audit("51FE", "SHOULD use 4xx or 5xx on document validation failure", ANY_ERROR, UNKNOWN_FIELD, GRAPHQL)
    yield Audit("74FF", "SHOULD use 400 on document validation failure", BAD, UNKNOWN_FIELD, GRAPHQL)
    yield Audit("5E5B", "SHOULD not contain data on validation failure", ANY_ERROR, UNKNOWN_FIELD, GRAPHQL, lacks="data")
    yield Audit("86EE", "SHOULD use 400 on variable coercion failure", BAD, COERCION, GRAPHQL)


AUDITS = [*media_types(), *methods(), *parameters(), *failures()]


def test_the_table_has_all_audits():
    assert len(AUDITS) == 61 and len({audit.id for audit in AUDITS}) == 61


@pytest.mark.parametrize("audit", AUDITS, ids=lambda audit: audit.id)
def test_audit(visitor, audit):
    audit.check(audit.send(visitor.server.url + "/graphql"))
