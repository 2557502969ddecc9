"""Debian's and Ubuntu's packages, by apt-get: as root, or with a sudo that asks for no password."""

from __future__ import annotations  # Python 3.9 reads this too

import glob
import os
import shutil
import subprocess
import sys

from machine.terminal import SetupError, StepFailedError, run, say

PDF_PACKAGES = [
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz0b",
    "libharfbuzz-subset0",
    "libfontconfig1",
    "fonts-dejavu-core",
]
PDF_LIBRARIES = ["libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0", "libharfbuzz-subset.so.0", "libfontconfig.so.1"]
APT = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]  # a new server's own upgrades may hold the lock


def ensure_pdf_libraries() -> None:
    """WeasyPrint's libraries. Without them everything but PDF works, so what cannot be installed is only said."""
    if not load(PDF_LIBRARIES):
        try:
            install("the libraries for PDF", PDF_PACKAGES)
        except SetupError as problem:
            say(f"! {problem}\n  Until then there is no PDF; everything else works.")


def install(what: str, packages: list[str]) -> None:
    """Install the packages. Raises SetupError with the one line that an administrator has to run."""
    if not shutil.which("apt-get"):
        raise SetupError(f"{what}: this machine has no apt-get; install what Debian calls: {' '.join(packages)}")
    admin = administrator()
    if admin is None:
        raise SetupError(f"{what}: an administrator must once run: {command_for_people(packages)}")
    command = [*admin, *APT, "install", "-y", "--no-install-recommends", *packages]
    fresh = bool(glob.glob("/var/lib/apt/lists/*_Packages*"))
    if not fresh:
        run("Fetching the list of system packages", [*admin, *APT, "update"])
    try:
        run(f"Installing {what} ({', '.join(packages)})", command)
    except StepFailedError:
        if not fresh:
            raise
        run("Fetching a new list of system packages", [*admin, *APT, "update"])
        run(f"Installing {what}", command)


def administrator() -> list[str] | None:
    """What to put before a command to run it as root; None when this user may not."""
    plain = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return plain
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", *plain]  # sudo drops variables set in front of it
    return None


def command_for_people(packages: list[str]) -> str:
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def load(libraries: list[str]) -> bool:
    """Whether the libraries load, tried in a child process: names of packages differ, and this one must not keep them."""
    code = f"import ctypes\nfor name in {libraries!r}: ctypes.CDLL(name)"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
