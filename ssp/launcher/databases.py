"""Which PostgreSQL the product uses and as whom: the embedded one, or the one that DATABASE_URL names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from ssp.bootstrap import Connection, prepare_database, prepare_server
from ssp.embedded import ServiceError, Services
from ssp.launcher.home import Home

OWNER, APP = "ssp_owner", "ssp_app"
PATIENCE = 10


@dataclass(frozen=True)
class Database:
    """app_url: what the product uses. owner_url: what migrates; None when nobody told us."""

    app_url: str
    owner_url: str | None
    embedded: bool


def choose_database(environment: Mapping[str, str], home: Home, services: Services) -> Database:
    """The database of this start, with roles, extensions and schemas in place. Raises ServiceError."""
    url = environment.get("DATABASE_URL")
    if url:
        return _given(url, environment.get("SSP_OWNER_DATABASE_URL"), home)
    services.start_pg()

    def connect(name: str) -> Connection:
        return psycopg.connect(host=str(services.sock), user="postgres", dbname=name, autocommit=True)

    with connect("postgres") as conn:
        prepare_server(conn)
    prepare_database(connect, "ssp")
    return Database(services.database_url(APP), services.database_url(OWNER), embedded=True)


def _given(url: str, owner_url: str | None, home: Home) -> Database:
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ServiceError("DATABASE_URL must look like postgresql://user:password@host:5432/database.")
    user, is_superuser, passes_rls = _who_are_we(url)
    if is_superuser:
        return _prepare(url, home)
    if user != APP:
        raise ServiceError(f"DATABASE_URL names the role '{user}': it must be {APP}, or a superuser who makes {APP} and {OWNER}.")
    if passes_rls:
        raise ServiceError(f"The role {APP} may pass row security: run 'alter role {APP} nobypassrls' as a superuser.")
    return Database(url, owner_url, embedded=False)


def _who_are_we(url: str) -> tuple[str, bool, bool]:
    question = "select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user"
    try:
        with _connect(url) as conn:
            row = conn.execute(question).fetchone()
    except psycopg.OperationalError as error:
        raise ServiceError(f"The database of DATABASE_URL cannot be reached: {_first_line(error)}") from None
    assert row is not None
    return str(row[0]), bool(row[1]), bool(row[2])


def _connect(url: str) -> Connection:
    """To the database of the address; to `postgres` on the same server while that one does not exist yet."""
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=PATIENCE)
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error) or "database" not in str(error):
            raise
        return psycopg.connect(url, dbname="postgres", autocommit=True, connect_timeout=PATIENCE)


def _prepare(url: str, home: Home) -> Database:
    """As a superuser: make roles and database. Their passwords are drawn once and kept in keys/."""
    passwords = {role: home.secret(f"password_{role}") for role in (OWNER, APP)}

    def connect(name: str) -> Connection:
        return psycopg.connect(url, dbname=name, autocommit=True, connect_timeout=PATIENCE)

    try:
        with connect("postgres") as conn:
            prepare_server(conn, passwords=passwords)
        prepare_database(connect, urlsplit(url).path.strip("/"))
    except (psycopg.Error, RuntimeError) as error:
        raise ServiceError(f"The database of DATABASE_URL cannot be prepared: {_first_line(error)}") from None
    return Database(with_user(url, APP, passwords[APP]), with_user(url, OWNER, passwords[OWNER]), embedded=False)


def with_user(url: str, user: str, password: str) -> str:
    """The same address as another role."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(user)}:{quote(password, safe='')}@{place}"))


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
