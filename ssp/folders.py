"""Private folders and the account that a server is started as: what the embedded servers and the launcher share."""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ACCOUNTS = ("ssp", "postgres", "nobody")  # whom PostgreSQL runs as when the caller is root: the first that exists
LONGEST_FOLDER = 80  # a unix socket's whole path must stay below 107 bytes


class ServiceError(Exception):
    """A server could not be started or reached. The text is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """An operating system account that a child process is started as."""

    name: str
    uid: int
    gid: int


def server_account(name: str | None = None) -> Account | None:
    """The account that PostgreSQL is run as: None (the caller's own) unless the caller is root.

    name: the wanted account, else the first of ACCOUNTS that exists. Raises ServiceError when there is none.
    """
    if os.geteuid() != 0:
        return None
    for candidate in [name] if name else ACCOUNTS:
        try:
            entry = pwd.getpwnam(candidate)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise ServiceError("PostgreSQL does not run as root, and there is no account for it: run 'useradd --system ssp'.")


def owner_of(folder: Path) -> str | None:
    """The name of the account that the folder belongs to; None when there is no folder, or it is root's."""
    try:
        uid = folder.stat().st_uid
        return pwd.getpwuid(uid).pw_name if uid else None
    except (OSError, KeyError):
        return None


def process_runs(pid: int) -> bool:
    """Whether the process lives. One that is dead and not yet buried by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def run_as(account: Account | None, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a short command as the account (None: as the caller) without a terminal; its output comes back as text."""
    return subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def may_enter(account: Account | None, path: Path) -> bool:
    """Whether the account may enter the folder, or run the program."""
    return account is None or run_as(account, "test", "-x", path).returncode == 0


def socket_folder(root: Path) -> Path:
    """Where the sockets of the servers under `root` are: root/run, or a short path of its own when that is too long."""
    folder = root / "run"
    if len(os.fsencode(folder)) <= LONGEST_FOLDER:
        return folder
    return Path("/tmp") / f"ssp-{hashlib.sha256(os.fsencode(root)).hexdigest()[:10]}"


def make_folder(folder: Path) -> None:
    """Make the folder and those above it. Raises ServiceError when something else has the name or it is forbidden."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise ServiceError(f"{folder} should be a folder, and something else has that name.") from None
    except PermissionError:
        raise ServiceError(f"{folder} cannot be made: permission denied. Choose another place with SSP_HOME.") from None


def make_private(folder: Path, account: Account | None = None) -> None:
    """Make the folder for its owner alone: the account, else the caller. Raises ServiceError for somebody else's."""
    if not folder.exists() and not folder.is_symlink():
        folder.mkdir(mode=0o700)
    owners = {os.geteuid(), account.uid if account else os.geteuid()}
    if folder.is_symlink() or not folder.is_dir() or folder.stat().st_uid not in owners:
        raise ServiceError(f"{folder} is not a folder of ours: remove it, or choose another place with SSP_HOME.")
    if account:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file as long as the block runs: of two callers the second waits."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def last_line(text: str, *wanted: str) -> str:
    """The last line of a server's log that holds one of the words, else the last line at all."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    marked = [line for line in lines if any(word in line for word in wanted)]
    return (marked or lines or ["no message"])[-1]


def wait_until(question: Callable[[], bool], seconds: float) -> bool:
    """Ask until the answer is yes; False when it is still no after so many seconds."""
    end = time.monotonic() + seconds
    while not question():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
