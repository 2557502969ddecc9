"""/healthz says what is not well, and nothing about the inside."""

import json

import pytest

from ssp import health
from ssp.healthcheck import main


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch):
    monkeypatch.setattr(health, "_last", (float("-inf"), {}))
    monkeypatch.setattr(health, "_broker_client", None)


@pytest.fixture
def well(db, broker, monkeypatch):
    """Database and broker of this test run, and a worker that has just given its sign."""
    monkeypatch.setenv("REDIS_URL", broker)
    health.write_sign_of_life()
    yield
    health.forget_sign_of_life()


def answer(rf):
    response = health.healthz(rf.get("/healthz"))
    return response.status_code, json.loads(response.content)


def test_all_is_well(rf, well):
    assert answer(rf) == (200, {"status": "ok", "web": "ok", "database": "ok", "broker": "ok", "worker": "ok"})


def test_a_silent_worker_is_named(rf, well):
    health.forget_sign_of_life()
    status, told = answer(rf)
    assert (status, told["worker"], told["broker"]) == (503, "no sign of life", "ok")


def test_a_missing_broker_and_database_are_named_without_their_address(rf, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://:hush@127.0.0.1:1/0")
    monkeypatch.setenv("DATABASE_URL", "postgresql://ssp_app:hush@127.0.0.1:1/ssp")
    status, told = answer(rf)
    assert status == 503
    assert told["database"] == told["broker"] == "does not answer"
    assert "hush" not in json.dumps(told)
    assert "127.0.0.1" not in json.dumps(told)


def test_the_answer_is_kept_for_a_moment(rf, well, monkeypatch):
    assert answer(rf)[0] == 200
    monkeypatch.setattr(health, "state", lambda: pytest.fail("asked the servers again"))
    assert answer(rf)[0] == 200


def test_it_may_not_be_posted_to(rf):
    assert health.healthz(rf.post("/healthz")).status_code == 405


def test_the_containers_check_looks_at_the_named_parts(live_server_like):
    url = live_server_like({"status": "unwell", "web": "ok", "worker": "no sign of life"}, 503)
    assert main(url, "web") == 0
    assert main(url, "web", "worker") == 1
    assert main("http://127.0.0.1:1/healthz", "web") == 1


@pytest.fixture
def live_server_like():
    """A web server that answers with this JSON."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    servers = []

    def serve(told, status):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(told).encode())

            def log_message(self, *_):
                return

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/healthz"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
