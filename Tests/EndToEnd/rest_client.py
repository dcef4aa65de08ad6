"""A user of the REST API: requests by method and path, with a token once there is one."""

import uuid

import requests

PROBLEM = "application/problem+json"


class RESTClient:
    def __init__(self, server, known_secrets):
        self.server = server
        self.secrets = known_secrets
        self.email = f"rest-{uuid.uuid4().hex[:12]}@example.com"
        self.password = known_secrets.add("password", f"Correct-{uuid.uuid4().hex[:12]}")
        self.token = None
        self.refresh_token = None
        self.routes = set()

    def send(self, method, path, body=None, headers=None, **options):
        """The answer, whatever it is; `path` is below `/api/v1`."""
        given = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url = self.server.url + "/api/v1" + path
        return requests.request(
            method, url, json=body, headers={**given, **(headers or {})}, timeout=30, **options)

    def expect(self, status, method, path, body=None, **options):
        """The answer's body, or None without one; the status must be this one."""
        answer = self.send(method, path, body, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        if status == 204:
            assert answer.content == b""
            return None
        expected = "application/json" if status < 300 else PROBLEM
        assert answer.headers["Content-Type"] == expected
        return answer.json()

    def refused(self, status, code, method, path, body=None, **options):
        """The problem that a request is answered with."""
        problem = self.expect(status, method, path, body, **options)
        assert problem["status"] == status and problem["code"] == code, problem
        assert problem["type"] == f"/api/docs#{code}" and problem["title"] and problem["detail"]
        return problem

    def register(self, name="Ann"):
        given = {"email": self.email, "password": self.password, "name": name}
        return self._signed_in(self.expect(201, "POST", "/auth/register", given))

    def login(self):
        return self._signed_in(
            self.expect(200, "POST", "/auth/login", {"email": self.email, "password": self.password}))

    def refresh(self):
        return self._signed_in(
            self.expect(200, "POST", "/auth/refresh-token", {"refreshToken": self.refresh_token}))

    def _signed_in(self, payload):
        self.token = self.secrets.add("access token", payload["accessToken"])
        self.refresh_token = self.secrets.add("refresh token", payload["refreshToken"])
        return payload
