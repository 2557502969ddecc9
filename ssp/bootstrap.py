"""What a superuser does once per server and once per database. Used by the launcher, by operations and by the tests.

`python -m ssp.bootstrap` does it for the database that SSP_ADMIN_DATABASE_URL names (docs/operations.md).
Everything may be done again: what is there already stays.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

Connection = psycopg.Connection[Any]

OLDEST_SERVER = 16  # `grant … with inherit false, set true` came with it
ROLES = """
do $$ begin
  if not exists (select from pg_roles where rolname = 'ssp_owner') then create role ssp_owner login; end if;
  if not exists (select from pg_roles where rolname = 'ssp_app') then create role ssp_app login; end if;
  if not exists (select from pg_roles where rolname = 'ssp_audit_owner') then create role ssp_audit_owner nologin; end if;
  if not exists (select from pg_roles where rolname = 'ssp_figures') then create role ssp_figures nologin; end if;
end $$;
alter role ssp_owner nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
alter role ssp_app nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
alter role ssp_audit_owner nologin nosuperuser nobypassrls;
alter role ssp_figures nologin nosuperuser nobypassrls;
-- the owner may hand objects over to these two, and has none of their rights while he is himself
grant ssp_audit_owner to ssp_owner with inherit false, set true;
grant ssp_figures to ssp_owner with inherit false, set true;
"""
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "citext")
DATABASE = """
create schema if not exists audit authorization ssp_audit_owner;
create schema if not exists figures authorization ssp_figures;
revoke create on schema public from public;
grant usage, create on schema public to ssp_owner;
grant usage on schema public to ssp_app, ssp_audit_owner, ssp_figures;
grant usage on schema figures to ssp_app;
alter default privileges for role ssp_owner in schema public grant select, insert, update, delete on tables to ssp_app;
alter default privileges for role ssp_owner in schema public grant usage, select on sequences to ssp_app;
"""


def prepare_server(conn: Connection, *, passwords: Mapping[str, str] | None = None) -> None:
    """Make the four roles of the product on this server, and give those named in `passwords` theirs.

    conn: a superuser's connection in autocommit. Embedded servers need no passwords: their socket is the lock.
    Raises RuntimeError on a server that is too old.
    """
    if conn.info.server_version < OLDEST_SERVER * 10_000:
        raise RuntimeError(f"PostgreSQL {OLDEST_SERVER} or newer is needed; this server is {conn.info.server_version // 10_000}.")
    conn.execute("select pg_advisory_lock(7715)")
    try:
        conn.execute(ROLES)
        for role, password in (passwords or {}).items():
            conn.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(_scrambled(conn, role, password))))
    finally:
        conn.execute("select pg_advisory_unlock(7715)")


def _scrambled(conn: Connection, role: str, password: str) -> str:
    """The password as the server stores it, so that the server's log never holds it in clear."""
    return conn.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()


def prepare_database(connect: Callable[[str], Connection], name: str) -> None:
    """Make the database with its extensions, schemas and default rights, or complete one that is there.

    connect: gives a superuser's autocommit connection to the database of that name.
    """
    with connect("postgres") as conn:
        if not conn.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            conn.execute(sql.SQL("create database {} owner ssp_owner").format(sql.Identifier(name)))
        conn.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
        conn.execute(sql.SQL("grant connect, temporary on database {} to ssp_app").format(sql.Identifier(name)))
    with connect(name) as conn:
        for extension in EXTENSIONS:
            conn.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
        conn.execute(DATABASE)


def main() -> None:
    """Prepare the server and database of SSP_ADMIN_DATABASE_URL; passwords from SSP_OWNER_PASSWORD, SSP_APP_PASSWORD."""
    url = os.environ.get("SSP_ADMIN_DATABASE_URL")
    if not url:
        sys.exit("Set SSP_ADMIN_DATABASE_URL to the address of the database, as a superuser.")
    found = {role: os.environ.get(variable) for role, variable in (("ssp_owner", "SSP_OWNER_PASSWORD"), ("ssp_app", "SSP_APP_PASSWORD"))}

    def connect(name: str) -> Connection:
        return psycopg.connect(url, dbname=name, autocommit=True, connect_timeout=10)

    try:
        with connect("postgres") as conn:
            prepare_server(conn, passwords={role: password for role, password in found.items() if password})
        prepare_database(connect, str(conninfo_to_dict(url).get("dbname") or "ssp"))
    except (psycopg.Error, RuntimeError) as error:
        sys.exit(f"The database could not be prepared: {str(error).strip()}")


if __name__ == "__main__":
    main()
