"""What the person at the terminal sees: one line a step, one sentence for a problem."""

from __future__ import annotations  # Python 3.9 reads this too

import os
import subprocess
import sys
import tempfile
import time
from typing import NoReturn

PATIENCE = 15  # seconds between signs of life of a long step


class SetupError(Exception):
    """Set-up cannot go on. The text is one sentence that says what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def stop(problem: object) -> NoReturn:
    """End with the sentence on standard error and exit code 1."""
    print(f"{os.path.basename(sys.argv[0])}: {problem}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def run(what: str, command: list[str], environment: dict[str, str] | None = None) -> str:
    """Do a step that may take long; its whole output comes back, standard error included.

    Says `what`, then every 15 seconds that it still runs. Raises StepFailedError.
    """
    say(f"· {what} …")
    start = said = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        try:
            while process.poll() is None:
                time.sleep(0.05)
                if time.monotonic() - said > PATIENCE:
                    said = time.monotonic()
                    say(f"  … still at it after {said - start:.0f} s")
        except BaseException:
            process.terminate()
            process.wait()
            raise
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode:
        raise StepFailedError(what, text)
    return text


class StepFailedError(SetupError):
    """A command of a step failed; `output` is all it said."""

    def __init__(self, what: str, output: str) -> None:
        self.output = output
        lines = [line for line in output.strip().splitlines() if line.strip()]
        super().__init__(f"this step failed: {what}\n" + "\n".join(f"    {line}" for line in lines[-8:]))
