"""A world to measure in: servers of its own in a temporary folder, with the demo, as durable as the product's."""

import base64
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from ssp.bootstrap import prepare_database, prepare_server
from ssp.embedded import Services

ROOT = Path(__file__).resolve().parent.parent
_superuser: list[str] = []  # where its database is reached by the superuser, while it stands


def superuser() -> psycopg.Connection[Any]:
    """A connection that row security does not bind: to make rows in bulk, and to compare with."""
    return psycopg.connect(_superuser[0], autocommit=True)


@contextmanager
def demo_world(say: Any = print) -> Iterator[None]:
    """Start everything, load the demo, set Django up as ssp_app; on leaving, stop and delete everything."""
    folder = Path(tempfile.mkdtemp(prefix="sspb"))
    folder.chmod(0o755)  # PostgreSQL may run as an account of its own
    servers = Services(folder / "db")
    try:
        say("Starting servers of its own and loading the demo …")
        servers.start_pg()
        servers.start_valkey()
        _prepare(servers, folder)
        _superuser[:] = [f"host={servers.sock} user=postgres dbname=ssp"]
        import django

        django.setup()
        yield
    finally:
        servers.stop_valkey()
        servers.stop_pg()
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(servers: Services, folder: Path) -> None:
    def connect(name: str) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(servers.sock), user="postgres", dbname=name, autocommit=True)

    with connect("postgres") as conn:
        prepare_server(conn)
    prepare_database(connect, "ssp")
    os.environ.update(
        DATABASE_URL=servers.database_url("ssp_app"), REDIS_URL=servers.valkey_url, SSP_HOME=str(folder), SSP_STATIC_ROOT=str(folder / "static"),
        SSP_SECRET_KEY=secrets.token_hex(16), SSP_DATA_KEY=base64.b64encode(os.urandom(32)).decode(), SSP_DEMO="1", SSP_ALLOWED_HOSTS="testserver",
        SSP_EMAIL_URL="smtp://127.0.0.1:9", DJANGO_SETTINGS_MODULE="bench.settings",
    )  # fmt: skip
    for command, address in (("migrate", servers.database_url("ssp_owner")), ("load_demo", os.environ["DATABASE_URL"]), ("collectstatic", os.environ["DATABASE_URL"])):
        flags = ["--noinput"] if command != "load_demo" else []
        subprocess.run([sys.executable, "manage.py", command, *flags], cwd=ROOT, env={**os.environ, "DATABASE_URL": address}, check=True, capture_output=True)
    with connect("ssp") as conn:
        conn.execute("analyze")
