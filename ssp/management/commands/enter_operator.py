from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from access.models import User
from municipalities.people import account_of, password_link


class Command(BaseCommand):
    """Let a person set kommuner up, or take that right away again. An operator sees no kommune's content."""

    help = "Make a person an operator, who sets kommuner up in the browser, and print the link to choose a password. --end takes the right away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and whether it ends."""
        parser.add_argument("email")
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--end", action="store_true")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        if options["end"]:
            if not User.objects.filter(email=options["email"].lower(), is_operator=True).update(is_operator=False):
                raise CommandError(f"There is no operator with the address {options['email']}.")
            self.stdout.write(f"{options['email']} is no operator any more.")
            return
        if not options["name"]:
            raise CommandError("Write the person's name after the address.")
        user = account_of(options["email"], options["name"])
        if user.is_system:
            raise CommandError("This address belongs to the product itself.")
        user.is_operator = True
        user.save(update_fields=["is_operator"])
        self.stdout.write(f"{user.name}: {password_link(user)}")
