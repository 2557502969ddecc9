from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ssp.demo.load import load_demo


class Command(BaseCommand):
    """Load the demo if the database is empty; say nothing when it is there already."""

    help = "Load Thisted with invented people, relative to today. Does nothing when there is a tenant already."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        if load_demo(timezone.localdate()):
            self.stdout.write("The demo is loaded: Thisted, Morsø and their politikreds, with invented people.")
