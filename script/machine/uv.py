"""uv, which makes the environment: the one in PATH, else one of our own in .tools, checked by hash."""

from __future__ import annotations  # Python 3.9 reads this too

import os
import shutil
import subprocess
import sys
from pathlib import Path

from machine.packages import install
from machine.terminal import SetupError, StepFailedError, run

PINNED = Path(__file__).with_name("uv.txt")


def find_uv(tools: Path) -> str:
    """The path of uv; it is installed below `tools` when the machine has none. Raises SetupError."""
    found = shutil.which("uv")
    if found and _works(found):
        return found
    own = tools / "bin" / "uv"
    if not _works(str(own)):
        _install(tools)
    return str(own)


def _install(tools: Path) -> None:
    """By pip with --target, which works on a Python that is closed to pip otherwise; complete before it has its name."""
    if not _works(sys.executable, "-m", "pip"):
        install("pip, to fetch uv", ["python3-pip"])
    draft = tools.with_name(tools.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    try:
        run("Fetching uv", [*command, "--require-hashes", "--target", str(draft), "-r", str(PINNED)])
    except StepFailedError as failed:
        if "CERTIFICATE" in failed.output.upper():
            advice = "behind a proxy that inspects TLS set PIP_CERT and SSL_CERT_FILE to its certificates"
            raise SetupError(f"uv could not be fetched, the certificate was not accepted: {advice}.") from None
        raise
    if not _works(str(draft / "bin" / "uv")):
        raise SetupError(f"uv was fetched into {draft} and does not run on this machine.")
    shutil.rmtree(tools, ignore_errors=True)
    draft.rename(tools)


def _works(*command: str) -> bool:
    try:
        return subprocess.run([*command, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def environment(python_folder: Path | None) -> dict[str, str]:
    """The variables that uv is run with: where it keeps the Pythons it downloads (None: its own choice)."""
    variables = {"UV_NO_PROGRESS": "1", "UV_COMPILE_BYTECODE": "1"}  # the service account could not keep what it compiles
    if python_folder is not None:
        variables["UV_PYTHON_INSTALL_DIR"] = os.fspath(python_folder)
    return variables
