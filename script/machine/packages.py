"""Debian's and Ubuntu's packages, by apt-get: as root, or with a sudo that asks for no password."""

import glob
import os
import shutil
import subprocess
import sys
from typing import List

from machine.terminal import Problem, StepFailed, run, say

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
    if not _load(PDF_LIBRARIES):
        _install_or_say("the libraries for PDF", PDF_PACKAGES, "Until then there is no PDF")


def ensure_chromium() -> None:
    """Chromium for the browser tests. Sets SSP_CHROMIUM to its path; without it the browser tests cannot run."""
    if os.environ.get("SSP_CHROMIUM"):
        return
    if is_ubuntu():  # its package `chromium` is a stub for snap: environment.download_chromium() sees to it
        return
    if not shutil.which("chromium"):
        _install_or_say("Chromium for the browser tests", ["chromium"], "Until then the browser tests fail")
    if found := shutil.which("chromium"):
        os.environ["SSP_CHROMIUM"] = found


def is_ubuntu() -> bool:
    try:
        with open("/etc/os-release") as file:
            return any(line.strip() in ("ID=ubuntu", 'ID="ubuntu"') for line in file)
    except OSError:
        return False


def install(what: str, packages: List[str]) -> None:
    """Install the packages. Raises Problem with the one line that an administrator has to run."""
    if not shutil.which("apt-get"):
        raise Problem(f"{what}: this machine has no apt-get; install what Debian calls: {' '.join(packages)}")
    admin = administrator()
    if admin is None:
        raise Problem(f"{what}: an administrator must once run: {command_for_people(packages)}")
    command = [*admin, *APT, "install", "-y", "--no-install-recommends", *packages]
    fresh = bool(glob.glob("/var/lib/apt/lists/*_Packages*"))
    if not fresh:
        run("Fetching the list of system packages", [*admin, *APT, "update"])
    try:
        run(f"Installing {what} ({', '.join(packages)})", command)
    except StepFailed:
        if not fresh:
            raise
        run("Fetching a new list of system packages", [*admin, *APT, "update"])
        run(f"Installing {what}", command)


def administrator() -> "List[str] | None":
    """What to put before a command to run it as root; None when this user may not."""
    plain = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return plain
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", *plain]  # sudo drops variables set in front of it
    return None


def command_for_people(packages: List[str]) -> str:
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def _install_or_say(what: str, packages: List[str], without: str) -> None:
    try:
        install(what, packages)
    except Problem as problem:
        say(f"! {problem}\n  {without}; everything else works.")


def _load(libraries: List[str]) -> bool:
    """Whether the libraries load, tried in a child process: names of packages differ, and this one must not keep them."""
    code = f"import ctypes\nfor name in {libraries!r}: ctypes.CDLL(name)"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
