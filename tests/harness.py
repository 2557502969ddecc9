"""The test database: one embedded server, one migrated template, one clone per worker.

Nothing here imports Django's models: tests/settings.py needs `database_name()` before the settings exist.
"""
import base64
import datetime
import fcntl
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from ssp.bootstrap import prepare_database, prepare_server
from ssp.embedded import Services

ROOT = Path(__file__).parent.parent
VAR = Path(os.environ.get("SSP_TEST_HOME", ROOT / "var" / "test"))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
RUN = os.environ.setdefault("SSP_TEST_RUN", secrets.token_hex(3))     # inherited by xdist's workers and by the Celery worker
DATABASE = f"ssp_test_{RUN}_{WORKER}"
server = Services(VAR, durable=False)
timings: dict[str, float] = {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


SMTP_PORT = int(os.environ.setdefault(f"SSP_TEST_SMTP_{WORKER}", str(_free_port())))  # the mail server that `smtp` starts


@contextmanager
def timed(name):
    start = time.perf_counter()
    yield
    timings[name] = timings.get(name, 0) + time.perf_counter() - start


def admin(database="postgres"):
    """A superuser connection. For the harness and for assertions only: no test acts through it."""
    return psycopg.connect(host=str(server.sock), user="postgres", dbname=database, autocommit=True)


def environment(user: str = "ssp_app", database: str = DATABASE) -> dict[str, str]:
    """What a process needs to run the product on a test database; every value is known before settings exist."""
    return {
        "DATABASE_URL": server.database_url(user, database), "REDIS_URL": broker().valkey_url, "SSP_HOME": str(VAR / f"home_{database}"),
        "SSP_SECRET_KEY": "only for tests", "SSP_DATA_KEY": base64.b64encode(b"only for tests".ljust(32)).decode(), "SSP_DEMO": "1",
        "SSP_BASE_URL": "http://testserver", "SSP_EMAIL_URL": f"smtp://127.0.0.1:{SMTP_PORT}",
        "SSP_STATIC_ROOT": str(VAR / "static"), "SSP_ALLOWED_HOSTS": "*",
    }  # fmt: skip


def broker() -> Services:
    """The Valkey of this pytest worker: broker, cache and rate limits."""
    return Services(VAR / f"broker_{DATABASE}", durable=False)


SHAPES = (
    "*/migrations/*.py", "*/*_sql.py", "ssp/bootstrap.py", "access/constraints.py", "access/*row_polic*.py", "access/row_rules.py", "access/operations.py", "access/sql.py",
    "access/roles.py", "access/vault.py", "ssp/demo/*", "ssp/demo/bilag/*", "*/presets.py", "municipalities/preset_*.py", "municipalities/presets/*", "tests/harness.sql",
)  # fmt: skip


def template_name() -> str:
    """A name that changes with whatever shapes the template: migrations, walls, demo files, and the day (dates are relative)."""
    digest = hashlib.sha256(datetime.date.today().isoformat().encode())
    for path in sorted(found for shape in SHAPES for found in ROOT.glob(shape) if found.is_file() and found.suffix != ".pyc"):
        digest.update(path.name.encode() + path.read_bytes())
    return f"ssp_template_{digest.hexdigest()[:12]}"


@contextmanager
def file_lock(name, flags):
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / name).open("w") as handle:
        fcntl.flock(handle, flags)
        yield handle


def start():
    """Start the server if needed; hold a shared lock as long as this process lives (so that the last one stops it)."""
    global _session_lock
    VAR.mkdir(parents=True, exist_ok=True)
    with file_lock("start.lock", fcntl.LOCK_EX):
        _session_lock = (VAR / "session.lock").open("w")
        try:
            fcntl.flock(_session_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone = True
        except BlockingIOError:
            alone = False
        with timed("start the server"):
            server.start_pg()
        with admin() as conn:
            prepare_server(conn)
            if alone:
                _drop_leftovers(conn)
        fcntl.flock(_session_lock, fcntl.LOCK_SH)


def _drop_leftovers(conn: psycopg.Connection) -> None:
    """Databases of runs that were killed, and templates of an earlier shape."""
    keep = template_name()
    for (name,) in conn.execute("select datname from pg_database where datname ~ '^ssp_(test|template)_'").fetchall():
        if name != keep:
            conn.execute(sql.SQL("alter database {} with is_template false").format(sql.Identifier(name)))
            conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def stop_if_last():
    with file_lock("start.lock", fcntl.LOCK_EX):
        try:
            fcntl.flock(_session_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        server.stop_pg()
        return True


def ensure_template(name, rebuild=False):
    with file_lock("template.lock", fcntl.LOCK_EX), admin() as conn:
        exists = conn.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if exists and not rebuild:
            return
        with timed("build the template"):
            draft = "ssp_template_draft"
            shutil.rmtree(files_of(draft), ignore_errors=True)
            conn.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(draft)))
            prepare_database(admin, draft)
            run_manage("migrate", environment("ssp_owner", draft))
            run_manage("load_demo", environment("ssp_app", draft))
            with admin(draft) as draft_conn:
                draft_conn.execute((ROOT / "tests/harness.sql").read_text())
                draft_conn.execute("vacuum analyze")
            shutil.rmtree(files_of(name), ignore_errors=True)
            shutil.copytree(files_of(draft), files_of(name))
            if exists:
                conn.execute(sql.SQL("alter database {} with is_template false").format(sql.Identifier(name)))
                conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
            conn.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(draft), sql.Identifier(name)))
            conn.execute(sql.SQL("alter database {} with is_template true allow_connections false").format(sql.Identifier(name)))


def run_manage(command: str, env: dict[str, str]) -> None:
    """Run a management command in a process of its own: only there may the role be another than ssp_app."""
    settings = {"DJANGO_SETTINGS_MODULE": "ssp.settings"}
    done = subprocess.run([sys.executable, "manage.py", command], cwd=ROOT, capture_output=True, text=True, env={**os.environ, **env, **settings})
    if done.returncode:
        raise RuntimeError(f"manage.py {command} failed:\n{done.stderr[-6000:]}")


def files_of(database: str) -> Path:
    """Where the product keeps its sealed files beside this database."""
    return VAR / f"home_{database}" / "files"


def clone(template, name=DATABASE, strategy="wal_log"):
    shutil.copytree(files_of(template), files_of(name), dirs_exist_ok=True)  # what the demo's rows point at
    with admin() as conn:
        conn.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        conn.execute(sql.SQL("create database {} owner ssp_owner template {} strategy {}").format(
            sql.Identifier(name), sql.Identifier(template), sql.SQL(strategy)))


def drop(name=DATABASE):
    with admin() as conn:
        conn.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


class Cleaner:
    """Empties what a committing test left behind, as superuser: ssp_app may not TRUNCATE, and the log's triggers refuse it."""

    def __init__(self, database=DATABASE):
        self.conn = admin(database)
        self.conn.execute("set session_replication_role = replica")     # no triggers, no foreign keys
        self.conn.execute("set lock_timeout = '5s'")
        self.tables = [row[0] for row in self.conn.execute(      # relkind r: the partitions, not the partitioned parent
            "select format('%I.%I', nspname, relname) from pg_class c join pg_namespace n on n.oid = relnamespace "
            "where relkind = 'r' and nspname in ('public', 'audit') and relname <> 'django_migrations' order by 1")]
        self.initial = {}
        for table in self.tables:
            with self.conn.cursor().copy(f"copy {table} to stdout") as copy:
                data = b"".join(map(bytes, copy))
            if data:
                self.initial[table] = data
        self.probe = " union all ".join(f"(select '{t}' from {t} limit 1)" for t in self.tables if t not in self.initial)
        self.sums = {t: self._sum(t) for t in self.initial}

    def _sum(self, table):
        return self.conn.execute(f"select count(*), sum(hashtextextended(t::text, 0)) from {table} t").fetchone()

    def clean(self):
        dirty = [row[0] for row in self.conn.execute(self.probe)]
        changed = [t for t in self.initial if self._sum(t) != self.sums[t]]
        if dirty or changed:
            with self.conn.transaction():
                for table in dirty + changed:
                    self.conn.execute(f"delete from {table}")
                for table in changed:
                    with self.conn.cursor().copy(f"copy {table} from stdin") as copy:
                        copy.write(self.initial[table])
        return dirty, changed

    def truncate_all(self):
        with self.conn.transaction():
            self.conn.execute("truncate " + ", ".join(self.tables))
            for table, data in self.initial.items():
                with self.conn.cursor().copy(f"copy {table} from stdin") as copy:
                    copy.write(data)
