from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from access.demo import demo_users


class Command(BaseCommand):
    """List the invented people one may log in as."""

    help = "Print the demo people, one a line: name – title – address."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        for user in demo_users():
            self.stdout.write(f"{user.name} – {user.title} – {settings.SSP_BASE_URL}/konto/login/")
