"""The product as a whole: start it, watch it, stop it."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path

from ssp.embedded import ServiceError, Services
from ssp.healthcheck import parts_at
from ssp.launcher.children import Child, end_leftovers
from ssp.launcher.databases import Database, choose_database
from ssp.launcher.home import Home, open_home, write_mark
from ssp.launcher.parts import Ports, parts
from ssp.launcher.prepare import prepare
from ssp.launcher.terminal import say

PATIENCE = 90  # seconds until web, database, broker and worker must be well
GLANCE = 0.5  # seconds between looks at the processes


class Product:
    """Everything that one `script/server` runs on one SSP_HOME."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.home: Home | None = None
        self.services: Services | None = None
        self.children: list[Child] = []
        self.own_pg = self.own_valkey = False

    def run(self, *, reset: bool) -> None:
        """Start everything, say where it is, then watch until interrupted. Raises ServiceError, OSError."""
        port = wanted_port(os.environ)
        self.home = home = open_home(self.path)
        write_mark(home, f"process {os.getpid()}, port {port},")
        self.services = services = Services(self.path)
        if end_leftovers(services.sock) + end_leftovers(self.path / "run"):
            say("Ended what an earlier start had left running.")
        if reset:
            self._reset(home, services)
        refuse_taken(port)
        home.make_folders()
        people, environment = self._prepare(home, services, port)
        self._start(parts(home, environment, Ports(port, _mail_port(environment))))
        self._wait_until_well(port)
        greet(environment["SSP_BASE_URL"], people, home)
        while True:
            time.sleep(GLANCE)
            self.mend()

    def _reset(self, home: Home, services: Services) -> None:
        if os.environ.get("DATABASE_URL"):
            raise ServiceError("--reset deletes the embedded database only: empty the one of DATABASE_URL yourself, or unset DATABASE_URL.")
        services.stop_pg()
        services.stop_valkey()
        home.delete_state()
        say(f"Deleted the data in {home.path}.")

    def _prepare(self, home: Home, services: Services, port: int) -> tuple[str, dict[str, str]]:
        self.own_pg = not os.environ.get("DATABASE_URL")
        self.own_valkey = not os.environ.get("REDIS_URL")
        say(f"Starting PostgreSQL and Valkey (sockets in {services.sock}) …" if self.own_pg else "Using the database of DATABASE_URL.")
        database = choose_database(os.environ, home, services)
        broker = services.start_valkey() if self.own_valkey else given_broker(os.environ["REDIS_URL"])
        environment = product_environment(home, database, broker, port)
        return prepare(home, database, environment), environment

    def _start(self, children: list[Child]) -> None:
        say("Starting web server, worker and scheduler …")
        for child in children:
            self.children.append(child)
            child.start()

    def _wait_until_well(self, port: int) -> None:
        end = time.monotonic() + PATIENCE
        while missing := unwell(port):
            if time.monotonic() > end:
                raise ServiceError(f"It did not get well within {PATIENCE} s: {missing}; the logs are in {self.path / 'logs'}.")
            time.sleep(0.2)
            self.mend()

    def mend(self) -> None:
        """Start again what ended by itself. Raises ServiceError for what ends again and again."""
        for child in self.children:
            if not child.runs():
                say(f"The {child.name} ended by itself (see {child.log}); starting it again.")
                child.restart()
        if self.services and self.own_pg and self.services.postgres.pid() is None:
            say("PostgreSQL ended by itself; starting it again.")
            self.services.start_pg()
        if self.services and self.own_valkey and self.services.valkey.pid() is None:
            say("Valkey ended by itself; starting it again.")
            self.services.start_valkey()

    def stop(self) -> None:
        """End everything in the opposite order of the start: nobody loses the server that he is using."""
        if self.home is None:  # somebody else's, or never opened
            return
        if self.children:
            say("Stopping …")
        for child in reversed(self.children):
            child.stop()
        if self.services and self.own_pg:
            self.services.stop_pg()
        if self.services and self.own_valkey:
            self.services.stop_valkey()
        if self.children:
            say(f"Stopped. The data is kept in {self.path}.")
        self.home.lock.close()


def wanted_port(environment: Mapping[str, str]) -> int:
    """SSP_PORT as a number."""
    text = environment.get("SSP_PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ServiceError(f"SSP_PORT is '{text}': it must be a number from 1 to 65535.")
    return int(text)


def refuse_taken(port: int) -> None:
    """Raise ServiceError when we could not listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise ServiceError(f"Port {port} is for root only: choose one above 1023 with SSP_PORT.") from None
            raise ServiceError(f"Port {port} is taken by another program: choose another one, for example SSP_PORT={port + 1 if port < 65535 else 8000} script/server.") from None


def given_broker(url: str) -> str:
    """REDIS_URL, when the server behind it answers."""
    import redis  # slow to import, and seldom needed here

    try:
        redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise ServiceError(f"The server of REDIS_URL cannot be used: {error}.") from None
    return url


def product_environment(home: Home, database: Database, broker: str, port: int) -> dict[str, str]:
    """What the product's processes are told. What the caller has set, stays."""
    home.secret("secret_key")
    home.secret("data_key", "bytes")
    told = {
        "SSP_BASE_URL": f"http://127.0.0.1:{port}",
        "SSP_ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SSP_DEMO": "1",
        "SSP_EMAIL_URL": f"smtp://127.0.0.1:{_free_port()}",
        **os.environ,
        "SSP_HOME": str(home.path),
        "DATABASE_URL": database.app_url,
        "REDIS_URL": broker,
        "DJANGO_SETTINGS_MODULE": "ssp.settings",
        "PYTHONUNBUFFERED": "1",
    }
    told.pop("SSP_OWNER_DATABASE_URL", None)  # the owner's password is for migrations only
    return told


def _mail_port(environment: Mapping[str, str]) -> int | None:
    """The port of our own mail sink, None when the caller named another server."""
    return None if os.environ.get("SSP_EMAIL_URL") else int(environment["SSP_EMAIL_URL"].rpartition(":")[2])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unwell(port: int) -> str:
    """What /healthz says is not well; empty when all is."""
    try:
        told = parts_at(f"http://127.0.0.1:{port}/healthz")
    except OSError:
        return "the web server does not answer"
    except (ValueError, TypeError):
        return "the web server answers with something else"
    return ", ".join(f"{part}: {state}" for part, state in told.items() if part != "status" and state != "ok")


def greet(address: str, people: str, home: Home) -> None:
    """The end of a good start."""
    lines = ["", f"  SSP is ready:  {address}/"]
    if people:
        lines += ["  Log in as one of these demo people (one click on the login page):", *(f"    {line}" for line in people.splitlines())]
    lines += ["", f"  Mail is kept in {home.path / 'mail'}, logs in {home.path / 'logs'}. Ctrl-C stops everything.", ""]
    print("\n".join(lines), flush=True)
