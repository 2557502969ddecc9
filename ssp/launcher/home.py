"""SSP_HOME: the folder with everything that is not code, and the rule that one launcher at a time uses it."""

from __future__ import annotations

import base64
import fcntl
import os
import pwd
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ssp.folders import ServiceError, make_folder, make_private

CODE = Path(__file__).resolve().parent.parent.parent
USUAL_HOMES = (CODE / "var", Path("/var/lib/ssp"))
PRIVATE = ("keys", "files", "mail", "run", "logs", "static")
STATE = (*PRIVATE, "pgdata", "pgdata.new", "valkey", "prepared.json", ".lock")
MARK = ".ssp"


@dataclass
class Home:
    """An opened and locked SSP_HOME."""

    path: Path
    lock: TextIO

    def folder(self, name: str) -> Path:
        """A private folder of the home, made when missing."""
        folder = self.path / name
        make_private(folder)
        return folder

    def make_folders(self) -> None:
        """All folders that the product expects."""
        for name in PRIVATE:
            self.folder(name)

    def log(self, name: str) -> Path:
        """Where a part of the product writes; a large log of earlier starts is put aside as .1."""
        log = self.folder("logs") / f"{name}.log"
        if log.exists() and log.stat().st_size > 10_000_000:
            log.replace(log.with_suffix(".log.1"))
        return log

    def secret(self, name: str, make: str = "text") -> str:
        """The content of keys/<name>; a new one is drawn when there is none (make: `text`, or `bytes` for 32 in base64)."""
        file = self.folder("keys") / name
        if not file.exists():
            value = base64.b64encode(secrets.token_bytes(32)).decode() if make == "bytes" else secrets.token_urlsafe(50)
            draft = file.with_name(f".{name}.new")
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
                handle.write(value + "\n")
            draft.rename(file)
        return file.read_text().strip()

    def delete_state(self) -> None:
        """`--reset`: delete what the product made, and nothing else that may lie in the folder."""
        for name in STATE:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def open_home(path: Path) -> Home:
    """Make the folder or check that it is ours, and lock it. Raises ServiceError with what to do.

    The lock lasts as long as the Home that comes back.
    """
    make_folder(path)
    owner = path.stat().st_uid
    if owner != os.geteuid():
        raise ServiceError(f"{path} belongs to '{_name(owner)}': start as '{_name(owner)}', or choose another place with SSP_HOME.")
    mark = path / MARK
    if not mark.exists() and path not in USUAL_HOMES and any(path.iterdir()):
        raise ServiceError(f"{path} holds other files: choose an empty folder, or one that SSP made, with SSP_HOME.")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise ServiceError(f"{path} cannot be written: run 'chmod u+rwx {path}', or choose another place with SSP_HOME.")
    path.chmod(0o700)
    lock = mark.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise ServiceError(f"It is running already, {lock.read().strip() or 'started a moment ago'} with the data in {path}: stop that one first.") from None
    return Home(path, lock)


def write_mark(home: Home, text: str) -> None:
    """Say in the lock file who holds it, for the message of a second start."""
    home.lock.seek(0)
    home.lock.truncate()
    home.lock.write(text + "\n")
    home.lock.flush()


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
