from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access.actor import Actor
from access.context import context_of
from access.models import User
from access.operators import let_operate
from municipalities.people import account_of, password_link
from municipalities.presets import system_user

HOUSE = "*"  # no kommune's slug: whoever runs the product, outside every kommune


class Command(BaseCommand):
    """Let a person set kommuner up, or take that right away again. An operator sees no kommune's content."""

    help = "Make a person an operator, who sets kommuner up in the browser, and print the link to choose a password. --end takes the right away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and whether it ends."""
        parser.add_argument("email")
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--end", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. The log says when, of nobody's kommune."""
        system = system_user(HOUSE)
        with context_of(Actor(user_id=system.pk, is_system=True)):
            self.stdout.write(_ended(options["email"]) if options["end"] else _entered(options["email"], options["name"]))


def _ended(email: str) -> str:
    user = User.objects.select_for_update().filter(email=email.lower(), is_operator=True).first()
    if user is None:
        raise CommandError(f"There is no operator with the address {email}.")
    let_operate(user, is_operator=False)
    return f"{email} is no operator any more."


def _entered(email: str, name: str) -> str:
    if not name:
        raise CommandError("Write the person's name after the address.")
    user = account_of(email, name)
    if user.is_system:
        raise CommandError("This address belongs to the product itself.")
    let_operate(user, is_operator=True)
    return f"{user.name}: {password_link(user)}"
