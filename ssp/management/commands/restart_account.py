from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access.models import User
from municipalities.people import password_link
from ssp.people import restart_account


class Command(BaseCommand):
    """Start an account anew, when a stranger has used it or its owner has lost the phone, and print the link to choose a password."""

    help = "Take away an account's password and second factor, end its sessions, and print a link that works once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        try:
            user = restart_account(options["email"])
        except User.DoesNotExist:
            raise CommandError(f"There is no account with the address «{options['email']}».") from None
        self.stdout.write(f"{user.name}: {password_link(user)}")
