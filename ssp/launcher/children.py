"""The product's own processes: start them, notice when one ends, and end them, also those of a launcher that was killed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ssp.folders import ServiceError, wait_until

PR_SET_PDEATHSIG = 1
GONE = "gone"
RESTARTS, WITHIN = 3, 60.0  # a part that ends so often within so many seconds is broken
_prctl = ctypes.CDLL(None).prctl


@dataclass
class Child:
    """One process with its log, restarted when it ends by itself."""

    name: str
    command: Sequence[str]
    log: Path
    pid_file: Path
    environment: Mapping[str, str]
    folder: Path
    grace: float = 5.0  # seconds it gets to finish what it does
    process: subprocess.Popen[bytes] | None = None
    ends: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C at the terminal reaches the launcher only."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_the_launcher,
            )
        self.pid_file.write_text(f"{self.process.pid} {_birth(self.process.pid)}")

    def runs(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def restart(self) -> None:
        """Start it again after it ended by itself. Raises ServiceError when that happens again and again."""
        if self.process is not None:
            _kill_group(self.process.pid)  # its own children must not answer in its place
        now = time.monotonic()
        self.ends = [moment for moment in self.ends if now - moment < WITHIN] + [now]
        if len(self.ends) >= RESTARTS:
            raise ServiceError(f"The {self.name} ended {RESTARTS} times within a minute; why is at the end of {self.log}.")
        self.start()

    def stop(self) -> None:
        """Ask it to end, then end it with all its own children."""
        if self.process is None:
            return
        if self.runs():
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.grace)
        _kill_group(self.process.pid)
        self.process.wait()
        self.pid_file.unlink(missing_ok=True)


def end_leftovers(run: Path) -> int:
    """End what a launcher that was killed left running; how many there were comes back."""
    found = 0
    for pid_file in sorted(run.glob("*.pid")):
        number, _, birth = pid_file.read_text().partition(" ")
        if number.isdigit() and _birth(int(number)) in (birth, GONE):
            found += _end_group(int(number))
        pid_file.unlink(missing_ok=True)
    return found


def _end_group(pid: int) -> bool:
    """End a process and its own children, which may have outlived it. Whether there were any."""
    _signal(pid, signal.SIGTERM)
    wait_until(lambda: _birth(pid) == GONE, seconds=10)
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _end_with_the_launcher() -> None:
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _birth(pid: int) -> str:
    """When the process started, in the kernel's ticks: numbers are used again. GONE also for the dead and not yet buried."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return GONE
    return GONE if fields[0] == "Z" else fields[19]


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
