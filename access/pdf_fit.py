"""Whether a PDF can be put into a meeting book, told while it is laid up: the worker's own judgement (`pdf_pages.take_pages`), in a process of its own.

A hostile file costs that process and nobody else: it has its seconds and its memory, knows no database and no key, and is killed when its time is
over. Then nothing is said of the file; the worker, which has more time, says it in the book. No Django here: the process starts with it.
"""

import contextlib
import logging
import os
import resource
import subprocess
import sys
from pathlib import Path

from access.pdf_pages import CannotTakeError, take_pages

SECONDS, BYTES = 5, 1024**3
UNFIT = ("locked", "broken", "long")
HANDED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG")  # nothing that opens a door

logger = logging.getLogger(__name__)


def why_unfit(content: bytes) -> str:
    """A word of `UNFIT`; empty for a PDF that can be put in, for one of which nothing was found out in time, and for what is no PDF."""
    if not content.startswith(b"%PDF-"):
        return ""
    environment = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-m", "access.pdf_fit"], input=content, capture_output=True, timeout=SECONDS, cwd=Path(__file__).parent.parent, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    except OSError:
        logger.exception("no process could be started to judge a PDF")
        return ""
    word = done.stdout.decode(errors="replace")
    return word if word in UNFIT else ""


def _judged(content: bytes) -> str:
    try:
        take_pages(content)
    except CannotTakeError as error:
        return "" if isinstance(error.__cause__, MemoryError) else str(error)
    return ""


def _main() -> None:
    for what, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, BYTES)):
        with contextlib.suppress(ValueError, OSError):  # a system that knows no such limit
            resource.setrlimit(what, (most, most))
    sys.stdout.write(_judged(sys.stdin.buffer.read()))


if __name__ == "__main__":
    _main()
