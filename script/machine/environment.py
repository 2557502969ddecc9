"""The environment with the locked packages. A stamp in it tells a second start that nothing has to be done."""

from __future__ import annotations  # Python 3.9 reads this too

import hashlib
import os
from pathlib import Path

from machine import uv as uv_tool
from machine.account import owner_name
from machine.terminal import SetupError, StepFailedError, run

PRODUCT, TESTS = "requirements.txt", "requirements-dev.txt"


def is_ready(venv: Path, checkout: Path, wanted: str) -> bool:
    """Whether the environment holds exactly the locked packages. One made for tests serves the product as well."""
    made_of = _made_of(venv)
    return made_of in (wanted, TESTS) and _stamp(venv).read_text() == _digest(checkout, made_of) and os.access(venv / "bin" / "python", os.X_OK)


def make(uv: str, python: str, venv: Path, checkout: Path, wanted: str) -> None:
    """Make the environment, or bring it up to date. One that was made for tests stays one. Raises SetupError."""
    refuse_foreign(venv)
    if _made_of(venv) == TESTS:
        wanted = TESTS
    if _stamp(venv).exists():
        _stamp(venv).unlink()
    if not os.access(venv / "bin" / "python", os.X_OK):  # also one whose Python is gone, or that is half made
        run(f"Making the environment {venv}", [uv, "venv", "--clear", "--python", python, str(venv)], uv_tool.environment(None))
    command = [uv, "pip", "sync", "--require-hashes", "--python", str(venv / "bin" / "python"), str(checkout / wanted)]
    try:
        run(f"Installing the Python packages of {wanted}", command, uv_tool.environment(None))
    except StepFailedError as failed:
        if "certificate" in failed.output.lower() or "UnknownIssuer" in failed.output:
            advice = "behind a proxy that inspects TLS set SSL_CERT_FILE to its certificates"
            raise SetupError(f"The packages could not be fetched, the certificate was not accepted: {advice}.") from None
        raise
    _stamp(venv).write_text(_digest(checkout, wanted))


def refuse_foreign(folder: Path) -> None:
    """Raise SetupError when an earlier start as another user (with sudo) left the folder behind."""
    if folder.exists() and folder.stat().st_uid != os.geteuid():
        owner = owner_name(folder.stat().st_uid)
        raise SetupError(f"{folder} belongs to '{owner}', from a start as that user: remove it (sudo rm -rf {folder}) and start again.")


def _stamp(venv: Path) -> Path:
    return venv / ".requirements"


def _made_of(venv: Path) -> str | None:
    try:
        return _stamp(venv).read_text().split()[0]
    except (OSError, IndexError):
        return None


def _digest(checkout: Path, requirements: str) -> str:
    return f"{requirements} {hashlib.sha256((checkout / requirements).read_bytes()).hexdigest()}\n"
