from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipalities.models import Tenant
from municipalities.preset_files import key_of
from municipalities.presets import PresetError
from municipalities.set_up import EMPTY, FirstPeople, Order, SetUpError, fresh_preset, kommune_presets, read_code, refuse_bad_address, set_up_kommune


def _person(words: list[str] | None) -> tuple[str, str] | None:
    return (words[0].lower(), words[1]) if words else None


class Command(BaseCommand):
    """Create a kommune from a preset or empty: its levels, forums, vacant seats and standing agendas."""

    help = "Create a kommune from municipalities/presets/<preset>.toml, or an empty one with --empty --name. What is not said is as the preset says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to begin from, and what is different from it."""
        begin = parser.add_mutually_exclusive_group(required=True)
        begin.add_argument("preset", nargs="?", choices=kommune_presets())
        begin.add_argument("--empty", action="store_true")
        parser.add_argument("--name")
        parser.add_argument("--slug", help="its address, such as thisted")
        parser.add_argument("--code", help="kommunekode")
        parser.add_argument("--politikreds", help="name; made if it is not there")
        parser.add_argument("--area", action="append", default=[], help="an area; repeat for each")
        parser.add_argument("--administrator", nargs=2, metavar=("E-MAIL", "NAME"), help="gets a mail with a link for choosing a password")
        parser.add_argument("--dpo", nargs=2, metavar=("E-MAIL", "NAME"), help="data protection officer; somebody else than the administrator")
        parser.add_argument("--kreds-administrator", nargs=2, metavar=("E-MAIL", "NAME"), help="of a politikreds that is made with the kommune")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        try:
            order = self._order(options)
            if options["kreds_administrator"] and not order.new_kreds:
                raise CommandError("--kreds-administrator is for a politikreds that is made now: this one is there, or there is none.")
            tenant = set_up_kommune(order, first=FirstPeople(*(_person(options[name]) for name in ("administrator", "dpo", "kreds_administrator"))))
        except (SetUpError, PresetError) as error:
            raise CommandError(str(error)) from None
        invited = options["administrator"]
        then = f"{invited[0]} gets a mail with a link" if invited else f"Next: manage.py enter_person {tenant.slug} --role ADMIN <e-mail> <name>"
        self.stdout.write(f"{tenant.name} is ready at /{tenant.slug}/. {then}.")

    def _order(self, options: dict[str, Any]) -> Order:
        key = EMPTY if options["empty"] else options["preset"]
        head = fresh_preset(key)["tenant"]
        name = options["name"] or head["name"]
        if not name:
            raise CommandError("An empty kommune needs a --name.")
        slug = (options["slug"] or "").lower() or (key_of(name.removesuffix(" Kommune")) if options["name"] else head["slug"])
        refuse_bad_address(slug)
        wanted = options["politikreds"] or head.get("politikreds", "")
        kreds = Tenant.objects.filter(kind=Tenant.Kind.POLITIKREDS, name=wanted).first() if wanted else None
        code = read_code(options["code"]) if options["code"] else head.get("code", "")
        return Order(key, name, slug, code, kreds, "" if kreds else wanted, tuple(options["area"]))
