"""Chromium for the browser tests. SSP_CHROMIUM is set to its path; the tests read it."""

from __future__ import annotations  # Python 3.9 reads this too

import os
import shutil
import subprocess
from pathlib import Path

from machine.packages import administrator, install, load
from machine.terminal import SetupError, run, say


def ensure_chromium(venv: Path) -> None:
    """Find or install it. What cannot be installed is only said: the other tests run without it."""
    try:
        if not load(["libatomic.so.1"]):
            install("what Playwright needs", ["libatomic1"])
        if not os.environ.get("SSP_CHROMIUM"):
            os.environ["SSP_CHROMIUM"] = _playwrights_own(venv) if _is_ubuntu() else _debians()
    except SetupError as problem:
        say(f"! {problem}\n  Until then the browser tests fail; all others run. SSP_CHROMIUM names a Chromium elsewhere.")


def _debians() -> str:
    if not shutil.which("chromium"):
        install("Chromium for the browser tests", ["chromium"])
    return shutil.which("chromium") or "/usr/bin/chromium"


def _playwrights_own(venv: Path) -> str:
    """Ubuntu's package `chromium` only points to a snap, so Playwright downloads its own. (Not tried by us.)"""
    interpreter = str(venv / "bin" / "python")
    code = "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
    path = subprocess.run([interpreter, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    if not os.path.exists(path):
        run("Downloading Chromium for the browser tests", [interpreter, "-m", "playwright", "install", "chromium"])
        if admin := administrator():
            run("Installing what Chromium needs", [*admin, interpreter, "-m", "playwright", "install-deps", "chromium"])
    return path


def _is_ubuntu() -> bool:
    try:
        with open("/etc/os-release") as file:
            return any(line.strip() in ("ID=ubuntu", 'ID="ubuntu"') for line in file)
    except OSError:
        return False
