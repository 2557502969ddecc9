"""A Python that the product runs on: one that the machine has, else one that uv downloads."""

from __future__ import annotations  # Python 3.9 reads this too

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from machine import uv as uv_tool
from machine.account import Account
from machine.terminal import SetupError, StepFailedError, run, say

WANTED = ">=3.12,<3.14"
DOWNLOADED = "3.13"
ADVICE = (
    f"The product needs Python {WANTED}, this machine has none, and the download failed. What helps: Debian 13 or Ubuntu 24.04 "
    "(their own Python will do); or any such Python in PATH; or UV_PYTHON_INSTALL_MIRROR=<address of a mirror>; "
    "behind a proxy that inspects TLS, SSL_CERT_FILE=<its certificates>."
)


def find_python(uv: str, folder: Path | None) -> str:
    """The path of a Python that fits. folder: where a downloaded one goes, None for uv's own place. Raises SetupError."""
    return _present(uv, folder) or _present(uv, None) or _download(uv, folder)


def _present(uv: str, folder: Path | None) -> str | None:
    command = [uv, "python", "find", "--system", "--no-python-downloads", WANTED]
    environment = {**os.environ, **uv_tool.environment(folder)}
    done = subprocess.run(command, env=environment, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def _download(uv: str, folder: Path | None) -> str:
    command = [uv, "python", "install", DOWNLOADED]
    try:
        run(f"No Python {WANTED} here: downloading Python {DOWNLOADED} (github.com)", command, uv_tool.environment(folder))
    except StepFailedError as failed:
        say(failed.output.strip())
        raise SetupError(ADVICE) from None
    found = _present(uv, folder)
    if not found:
        raise SetupError(ADVICE)
    return found


def share_python(python: str, folder: Path, account: Account) -> str:
    """A Python that the account may run: this one, or a copy of it below `folder` when it lies in a private home."""
    if account.can_run([python, "-c", ""]):
        return python
    prefix = Path(subprocess.run([python, "-c", "import sys; print(sys.base_prefix)"], capture_output=True, text=True, check=True).stdout.strip())
    copy = folder / prefix.name
    if not copy.exists():
        say(f"· Copying {prefix} to {copy}, where '{account.name}' may run it …")
        folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        copy_whole(prefix, copy)
    shared = str(copy / "bin" / Path(os.path.realpath(python)).name)
    point_to_library(shared, account)
    if not account.can_run([shared, "-c", ""]):
        raise SetupError(f"'{account.name}' cannot run {python}, nor a copy of it: install a Python {WANTED} for everybody.")
    return shared


def copy_whole(prefix: Path, copy: Path) -> None:
    """All of it or nothing, also when two start at once: each makes a draft of its own, and the first that is whole stays."""
    draft = Path(tempfile.mkdtemp(prefix=copy.name + ".", dir=copy.parent))
    try:
        shutil.copytree(prefix, draft, symlinks=True, ignore=shutil.ignore_patterns("test"), dirs_exist_ok=True)
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.is_dir():
            raise


def point_to_library(python: str, account: Account) -> None:
    """Some Pythons look for their own library where they were built; a copied one is told where it is now."""
    if not account.can_run([python, "-c", ""]):
        os.environ["LD_LIBRARY_PATH"] = str(Path(os.path.realpath(python)).parent.parent / "lib")
