"""Started as root: the product runs as an account of its own, from a copy of the code that this account may read."""

from __future__ import annotations  # Python 3.9 reads this too

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from machine.terminal import SetupError, run, say

NAME = "ssp"
NOT_COPIED = {".git", ".venv", ".tools", ".tools.new", "var", "node_modules", "staticfiles", "__pycache__", "tests"}


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def can_run(self, command: list[str]) -> bool:
        """Whether the command succeeds as this account."""
        try:
            done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, check=False, preexec_fn=self.become)
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0

    def become(self) -> None:
        """Turn this process into the account's, for good."""
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)


def service_account(home: str) -> Account:
    """The system account `ssp`; made when it does not exist."""
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        run(f"Making the system account '{NAME}'", ["useradd", "--system", "--user-group", "--home-dir", home, "--shell", "/usr/sbin/nologin", NAME])
        entry = pwd.getpwnam(NAME)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def hand_over_home(home: Path, account: Account) -> None:
    """The folder for the state, made for the account. Raises SetupError when it is somebody else's, or out of its reach."""
    if home.is_symlink() or (home.exists() and not home.is_dir()):
        raise SetupError(f"{home} should be a folder, and something else has that name: remove it, or set SSP_HOME.")
    if home.exists() and home.stat().st_uid not in (0, account.uid):
        owner = owner_name(home.stat().st_uid)
        raise SetupError(f"{home} belongs to '{owner}': start as '{owner}', or choose another place with SSP_HOME.")
    if home.exists() and home.stat().st_uid == 0 and any(home.iterdir()):
        raise SetupError(f"{home} is not empty and belongs to root: choose an empty place with SSP_HOME.")
    home.mkdir(parents=True, exist_ok=True)
    os.chown(home, account.uid, account.gid)
    home.chmod(0o700)
    if not account.can_run(["test", "-x", str(home)]):
        raise SetupError(f"'{account.name}' may not enter {home}: choose a place outside a private home with SSP_HOME.")


def owner_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def copy_code(checkout: Path, target: Path) -> None:
    """Make `target` the same as the checkout's code, readable for all. Only what differs is written, so that a
    product that runs from there is left in peace."""
    if checkout == target:
        return
    if not target.exists():
        say(f"· Copying the code to {target} …")
    kept = {target}
    for folder, names, files in os.walk(checkout):
        names[:] = [name for name in names if name not in NOT_COPIED and not name.endswith("_cache")]
        here = target / Path(folder).relative_to(checkout)
        here.mkdir(parents=True, exist_ok=True)
        here.chmod(0o755)
        kept.add(here)
        for name in files:
            kept.add(here / name)
            _copy_file(Path(folder) / name, here / name)
    _remove_others(target, kept)


def compile_code(python: Path, target: Path) -> None:
    """As root, for the account may not write there: a start would compile everything anew."""
    subprocess.run([str(python), "-m", "compileall", "-q", str(target)], stdin=subprocess.DEVNULL, capture_output=True, check=False)


def _copy_file(source: Path, target: Path) -> None:
    if source.is_symlink() or not source.is_file():
        return
    new = source.stat()
    if target.exists() and (target.stat().st_size, target.stat().st_mtime_ns) == (new.st_size, new.st_mtime_ns):
        return
    draft = target.with_name(f".{target.name}.new")
    shutil.copy2(source, draft)
    draft.chmod(0o755 if new.st_mode & stat.S_IXUSR else 0o644)
    os.chown(draft, 0, 0)
    draft.rename(target)


def _remove_others(target: Path, kept: set[Path]) -> None:
    for folder, names, files in os.walk(target, topdown=False):
        for name in files:
            if not name.endswith(".pyc") and (path := Path(folder) / name) not in kept:
                path.unlink()
        for name in names:
            if name != "__pycache__" and (path := Path(folder) / name) not in kept:
                shutil.rmtree(path, ignore_errors=True)
