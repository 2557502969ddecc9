from typing import Any

from django.core.management.base import BaseCommand

from access.context import context_of
from municipalities.actions import write_appointment_rights, write_forum_rights
from municipalities.models import Forum, Tenant
from municipalities.presets import setup_actor


class Command(BaseCommand):
    """Make the rights of every seat and appointment what access/roles.py says. Runs after each migration: an upgrade may have changed the table."""

    help = "Write guardian's rows of forums and appointments anew from the role table; changes nothing when they agree."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it, one kommune at a time."""
        for tenant in Tenant.objects.order_by("pk"):
            with context_of(setup_actor(tenant)):
                write_appointment_rights(tenant)
                for forum in Forum.objects.filter(tenant=tenant):
                    write_forum_rights(forum)
