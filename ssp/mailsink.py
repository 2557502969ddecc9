"""The SMTP server of development and demo: every mail becomes an .eml file, none leaves the machine.

`python -m ssp.mailsink --port 2525 --folder var/mail`
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MAIL = 10 * 1024 * 1024


class Sink:
    """aiosmtpd's handler: one private file per mail, named by the time it came."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (its name there)
        """Write the mail as it came; the recipients of the envelope are put first as X-Envelope-To."""
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        recipients = ", ".join(envelope.rcpt_tos).encode()
        write_mail(self.folder, b"X-Envelope-To: " + recipients + b"\r\n" + content)
        return "250 OK"


def write_mail(folder: Path, content: bytes) -> Path:
    """Write one .eml that only its owner may read, complete from the moment it is seen; its path comes back."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(2)}"
    draft = folder / f".{name}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return draft.rename(folder / f"{name}.eml")


def main(arguments: list[str] | None = None) -> None:
    """Serve on 127.0.0.1 until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args(arguments)
    options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before the controller's thread starts: it inherits this
    controller = Controller(Sink(options.folder), hostname="127.0.0.1", port=options.port, data_size_limit=LARGEST_MAIL)
    try:
        controller.start()
    except OSError as error:
        sys.exit(f"The mail sink cannot listen on port {options.port}: {error.strerror}.")
    signal.sigwait(ends)
    controller.stop()


if __name__ == "__main__":
    main()
