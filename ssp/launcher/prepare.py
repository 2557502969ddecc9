"""Before the web server starts: migrate, collect the static files, load the demo. Left out when nothing has changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ssp.folders import ServiceError, last_line
from ssp.launcher.databases import Database
from ssp.launcher.home import CODE, Home
from ssp.launcher.terminal import say

NOT_CODE = {"var", "tests", "docs", "node_modules", "staticfiles", "__pycache__"}


def prepare(home: Home, database: Database, environment: Mapping[str, str]) -> str:
    """Bring database and static files up to this code; the demo people, one a line, come back. Raises ServiceError."""
    stamp = home.path / "prepared.json"
    state = _fingerprint(environment)
    if database.embedded and (known := _read(stamp)) and known["state"] == state:
        return known["people"]
    stamp.unlink(missing_ok=True)
    _migrate(home, database, environment)
    say("Collecting the static files …")
    manage(home, environment, "collectstatic", "--noinput", "--verbosity", "0")
    people = _load_demo(home, environment) if environment.get("SSP_DEMO") == "1" else ""
    stamp.write_text(json.dumps({"state": state, "people": people}))
    return people


def _migrate(home: Home, database: Database, environment: Mapping[str, str]) -> None:
    if database.owner_url is None:
        say("The database is taken as it is: without SSP_OWNER_DATABASE_URL nothing is migrated.")
        return
    say("Migrating the database …")
    manage(home, {**environment, "DATABASE_URL": database.owner_url}, "migrate", "--noinput", "--verbosity", "0")
    manage(home, environment, "write_rights")  # what a role may can change with a version


def _load_demo(home: Home, environment: Mapping[str, str]) -> str:
    say("Loading the demo …")
    manage(home, environment, "load_demo")
    return manage(home, environment, "demo_people").strip()


def manage(home: Home, environment: Mapping[str, str], *arguments: str) -> str:
    """Run a management command; what it printed comes back. Raises ServiceError with its last line; all is in the log."""
    command = [sys.executable, str(CODE / "manage.py"), *arguments]
    done = subprocess.run(command, cwd=CODE, env=dict(environment), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)  # fmt: skip
    log = home.log("prepare")
    with log.open("a") as file:
        file.write(f"$ manage.py {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    if done.returncode:
        raise ServiceError(f"'manage.py {arguments[0]}' failed ({last_line(done.stderr)}); all it said is in {log}.")
    return done.stdout


def _fingerprint(environment: Mapping[str, str]) -> str:
    digest = hashlib.sha256(environment.get("SSP_DEMO", "").encode())
    for file in sorted(_code_files()):
        digest.update(os.fsencode(file.relative_to(CODE)) + file.read_bytes())
    return digest.hexdigest()


def _code_files() -> Iterator[Path]:
    for folder, names, files in os.walk(CODE):
        names[:] = [name for name in names if name not in NOT_CODE and not name.startswith(".")]
        yield from (Path(folder) / name for name in files if not name.endswith(".pyc"))


def _read(stamp: Path) -> dict[str, str] | None:
    try:
        content = json.loads(stamp.read_text())
        return {"state": str(content["state"]), "people": str(content["people"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None
