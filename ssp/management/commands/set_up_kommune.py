from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from municipalities.models import Tenant
from municipalities.presets import FOLDER, create_tenant, read_preset


class Command(BaseCommand):
    """Create a kommune from a preset: its levels, forums and vacant seats."""

    help = "Create a kommune from municipalities/presets/<preset>.toml."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One argument."""
        parser.add_argument("preset", choices=sorted(path.stem for path in FOLDER.glob("*.toml")))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        preset = read_preset(options["preset"])
        if Tenant.objects.filter(slug=preset["tenant"]["slug"]).exists():
            raise CommandError(f"{preset['tenant']['name']} is there already.")
        try:
            tenant = create_tenant(preset)
        except IntegrityError as error:
            raise CommandError(f"The preset does not fit: {error}") from error
        self.stdout.write(f"{tenant.name} is ready at /{tenant.slug}/. Next: manage.py enter_person {tenant.slug} --role ADMIN <e-mail> <name>.")
