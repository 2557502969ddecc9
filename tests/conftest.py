"""The test database, the context, the worker and the browser (docs/testing.md)."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests import harness

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API keeps an event loop in this thread
pytest_plugins = ["tests.world", "tests.mails"]


# ---- the database -------------------------------------------------------------------------------------------------
def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # the controller (or the only process) holds the server
        harness.start()


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        harness.stop_if_last()


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """In place of pytest-django's: clone the migrated template; never create, migrate or own anything as ssp_app."""
    from django.db import connections
    from django.test import TransactionTestCase

    template = harness.template_name()
    harness.ensure_template(template, rebuild=request.config.getoption("create_db"))
    with harness.timed("clone"):
        harness.clone(template)
    cleaner = harness.Cleaner()

    def _fixture_teardown(self):
        with harness.timed("clean after a committing test"):
            cleaner.clean()

    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = _fixture_teardown
    with django_db_blocker.unblock():
        yield
        for connection in connections.all(initialized_only=True):
            connection.close()
            connection.close_pool()
    TransactionTestCase._fixture_teardown = original
    cleaner.conn.close()
    harness.drop()


@pytest.fixture(scope="session", autouse=True)
def broker() -> Iterator[str]:
    """Valkey of this pytest worker: cache, rate limits and broker."""
    server = harness.broker()
    with harness.timed("start the broker"):
        server.start_valkey()
    yield server.valkey_url
    server.stop_valkey()


@pytest.fixture(autouse=True)
def _empty_cache(broker):
    from django.core.cache import cache

    cache.clear()


def pytest_terminal_summary(terminalreporter):
    for name, seconds in harness.timings.items():
        terminalreporter.write_line(f"harness: {name}: {seconds * 1000:.0f} ms")


# ---- context ------------------------------------------------------------------------------------------------------
@contextmanager
def acting(actor) -> Iterator[None]:
    """Set the context inside the plain test's own transaction, and put the former one back."""
    from django.db import connection

    from access.context import KEYS, write_context
    from access.writing import Writing, opened_entries, writing

    assert connection.in_atomic_block, "acting() is for plain db tests; committing tests use context_of(actor)"
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"current_setting('{key}', true)" for key in KEYS))
        before = cursor.fetchone()
    tokens = opened_entries.set([]), writing.set(Writing())
    write_context(actor)
    try:
        yield
    finally:
        opened_entries.reset(tokens[0])
        writing.reset(tokens[1])
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("select " + ", ".join(f"set_config('{key}', %s, true)" for key in KEYS), [value or "" for value in before])


@pytest.fixture
def client():
    return make_client()


def make_client(user=None, **kwargs):
    """A client that forgets the context after each response, as COMMIT would.

    In a plain db test the middleware's transaction is only a savepoint, and a released one keeps its local settings.
    """
    from django.db import connection
    from django.test import Client

    from access.actor import NOBODY
    from access.context import write_context
    from access.login import DEMO_SESSION

    class ContextClient(Client):
        def request(self, **request):
            try:
                return super().request(**request)
            finally:
                if connection.in_atomic_block and not connection.needs_rollback:
                    write_context(NOBODY)

        def enter(self, user):
            """Logged in as one click in demo mode does it."""
            self.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            session = self.session
            session[DEMO_SESSION] = True
            session.save()
            return self

    made = ContextClient(**kwargs)
    return made.enter(user) if user is not None else made


@pytest.fixture
def log() -> Callable[[], list]:
    """All rows of the access log, or those after a number; the app's own role cannot read them."""

    def rows(after: int = 0):
        from access.models import LogEntry

        return list(LogEntry.objects.raw("select * from harness.log() where id > %s", [after]))

    return rows


# ---- worker -------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def worker_process(broker, django_db_setup):
    logfile = harness.VAR / f"worker_{harness.DATABASE}.log"
    env = {**os.environ, **harness.environment(), "SSP_TEST_EAGER": "0", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", "celery", "-A", "ssp", "worker", "-P", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "INFO"]
    with harness.timed("start the celery worker"), logfile.open("wb") as output:
        process = subprocess.Popen(command, cwd=harness.ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(lambda: b" ready." in logfile.read_bytes() or process.poll() is not None, timeout=90)
        except BaseException:
            process.kill()
            raise
        if process.poll() is not None:
            raise RuntimeError(logfile.read_text()[-3000:])
    yield logfile
    process.terminate()
    process.wait(20)


@pytest.fixture
def worker(worker_process, transactional_db):
    """A real worker on this clone; the test process queues instead of running tasks eagerly."""
    from ssp.celery import app

    app.conf.task_always_eager = False
    yield worker_process
    app.conf.task_always_eager = True


@pytest.fixture
def smtp():
    """A real mail server; `smtp.messages` holds what it got."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Message

    class Keep(Message):
        def __init__(self):
            super().__init__()
            self.messages = []

        def handle_message(self, message):
            self.messages.append(message)

    handler = Keep()
    controller = Controller(handler, hostname="127.0.0.1", port=harness.SMTP_PORT)
    controller.start()
    yield handler
    controller.stop()


def wait_for(question, timeout=20):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.03)
    raise AssertionError("timed out")


# ---- browser ------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = os.environ.get("SSP_CHROMIUM", "/usr/bin/chromium")
    flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"]
    return {**browser_type_launch_args, "executable_path": chromium, "args": flags}
