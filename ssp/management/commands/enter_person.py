from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access.roles import AppointmentRole
from municipalities.actions import SeatTakenError
from municipalities.models import Seat, Tenant
from municipalities.people import password_link
from ssp.people import appoint_person, seat_person


class Command(BaseCommand):
    """Enter a person in a kommune, as DPO or IT administrator or on a vacant seat, and print the link to choose a password."""

    help = "Enter a person: --role DPO|ADMIN, or --seat <forum>/<seat>. Prints a link that works once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Kommune, what as, who."""
        parser.add_argument("kommune")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--role", choices=["DPO", "ADMIN"])
        what.add_argument("--seat", help="such as styregruppe/konsulent")
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        slug, email, name = options["kommune"], options["email"], options["name"]
        try:
            role = AppointmentRole(options["role"]) if options["role"] else None
            user = appoint_person(slug, role, email, name) if role else seat_person(slug, options["seat"], email, name)
        except Tenant.DoesNotExist:
            raise CommandError(f"There is no kommune «{slug}».") from None
        except Seat.DoesNotExist:
            raise CommandError(f"There is no seat «{options['seat']}» in {slug}.") from None
        except SeatTakenError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{user.name}: {password_link(user)}")
