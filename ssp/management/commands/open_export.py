"""`manage.py open_export FILE`: unlock the export of a whole kommune with its passphrase."""

import getpass
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access.sealed_file import CannotOpenError, open_file


class Command(BaseCommand):
    """Makes FILE.zip beside the file, readable by its owner alone. Asks for the passphrase, so that no shell remembers it."""

    help = "Unlock an .sspx file with its passphrase."
    requires_system_checks: list[str] = []  # Django's own declaration

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and where the zip goes."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--to", type=Path, help="where the zip is written; default: beside the file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with a sentence when it cannot be opened."""
        source: Path = options["file"]
        target: Path = options["to"] or source.with_suffix(".zip")
        if not source.is_file():
            raise CommandError(f"There is no file {source}.")
        if target.exists():
            raise CommandError(f"{target} exists already.")
        passphrase = getpass.getpass("Passphrase: ")
        draft = target.with_name(f"{target.name}.part")  # it has its name when it is known to be whole
        try:
            with source.open("rb") as locked, os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as clear:
                open_file(locked, clear, passphrase)
            draft.rename(target)
        except CannotOpenError as error:
            raise CommandError(str(error)) from error
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(f"{target}: {target.stat().st_size} bytes")
