"""A tenant is set up from a preset. Facts stand in presets/*.toml, behaviour never does.

`municipalities` makes the organisation; what belongs to an app above it (standing agendas, plan template, catalogue) that app makes,
through `register_preset_loader`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from access.actor import NOBODY, Actor
from access.context import context_of, write_context
from access.models import User
from access.roles import AppointmentRole, Duty, SeatRole, Verb
from municipalities import actions
from municipalities.models import Area, Forum, ForumPreventionLevel, Level, Organisation, PreventionLevel, Seat, Tenant
from municipalities.preset_files import FOLDER, read_preset
from municipalities.preset_rules import PresetError, edges, forum_fields, tenant_row

__all__ = ["FOLDER", "Made", "PresetError", "PresetLoader", "create_tenant", "read_preset", "register_preset_loader", "setup_actor", "system_user"]
type Preset = dict[str, Any]


@dataclass
class Made:
    """A tenant while it is set up: what the preset says, and the rows that its keys have become."""

    tenant: Tenant
    preset: Preset
    actor: Actor
    levels: dict[str, Level] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    prevention_levels: dict[str, PreventionLevel] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    forums: dict[str, Forum] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)  # "<forum>/<seat>" -> seat


@dataclass(frozen=True)
class PresetLoader:
    """What an app makes of its own section of a preset, in the transaction in which the tenant is made."""

    section: str
    load: Callable[[Made], None]


_loaders: list[PresetLoader] = []


def register_preset_loader(loader: PresetLoader) -> None:
    """Called from an app's `ready()`."""
    if loader not in _loaders:
        _loaders.append(loader)


def system_user(slug: str) -> User:
    """The tenant's own user for jobs, invitations and set-up, so that every log row has an actor. Cannot log in."""
    user, created = User.objects.get_or_create(
        username=f"system:{slug}", defaults={"email": f"system-{slug}@ssp.invalid", "first_name": "SSP", "last_name": "System", "is_system": True}
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def setup_actor(tenant: Tenant, by: User | None = None) -> Actor:
    """Who sets a tenant up: the operator (or its system user) with the right to manage it, and no right to any content."""
    user = by or system_user(tenant.slug)
    return Actor(user_id=user.pk, tenant_id=tenant.pk, is_member=True, is_system=user.is_system, tenant_verbs=frozenset({Verb.MANAGE_TENANT}))


def create_tenant(preset: Preset, *, parent: Tenant | None = None, is_demo: bool = False, by: User | None = None) -> Tenant:
    """Create a tenant with all that its preset says and vacant seats, in one transaction of its own."""
    with context_of(NOBODY):
        return make_tenant(preset, parent=parent, is_demo=is_demo, by=by).tenant


def make_tenant(preset: Preset, *, parent: Tenant | None = None, is_demo: bool = False, by: User | None = None) -> Made:
    """The same inside the caller's context, which is from here on that of the new tenant. The log names `by`, or the system user."""
    tenant = tenant_row(preset)
    system = system_user(tenant.slug)
    tenant.pk, tenant.parent, tenant.is_demo = actions.next_tenant_id(), parent, is_demo  # the id first: the log row of the tenant itself is the tenant's
    actor = setup_actor(tenant, by)
    write_context(actor)
    tenant.save(force_insert=True)
    actions.appoint(tenant, system, AppointmentRole.SYSTEM)
    made = Made(tenant, preset, actor)
    _make_organisation(made)
    for loader in _loaders:
        if loader.section in preset:
            loader.load(made)
    return made


def _make_organisation(made: Made) -> None:
    preset, tenant = made.preset, made.tenant
    for row in preset["levels"]:
        made.levels[row["key"]] = Level.objects.create(tenant=tenant, name=row["name"], order=row["order"])
    for row in preset.get("prevention_levels", []):
        made.prevention_levels[row["key"]] = PreventionLevel.objects.create(tenant=tenant, name=row["name"], order=row["order"], ssp_role=row.get("ssp_role", ""))
    for row in preset["organisations"]:
        made.organisations[row["key"]] = Organisation.objects.create(tenant=tenant, name=row["name"], kind=row["kind"], mark=row["mark"])
    for row in _in_order(preset.get("areas", []), {row["key"]: {row["parent"]} for row in preset.get("areas", []) if "parent" in row}):
        made.areas[row["key"]] = Area.objects.create(tenant=tenant, name=row["name"], kind=row.get("kind", "district"), parent=made.areas.get(row.get("parent", "")))
    for row in _in_order(preset["forums"], edges(preset)):
        _make_forum(made, row)


def _in_order(rows: Iterable[Preset], before: Mapping[str, set[str]]) -> list[Preset]:
    """The rows so that each stands after those it names; else as they are written. `before` has no ring (preset_rules)."""

    def depth(key: str) -> int:
        return max((depth(other) + 1 for other in before.get(key, ())), default=0)

    return sorted(rows, key=lambda row: depth(row["key"]))


def _make_forum(made: Made, row: Preset) -> None:
    known = made.forums
    forum = known[row["key"]] = actions.open_forum(
        made.tenant, actor=made.actor, level=made.levels[row["level"]], parent=known.get(row.get("parent", "")), area=made.areas.get(row.get("area", "")),
        cadence_of=known.get(row.get("cadence", {}).get("of", "")), **forum_fields(row),
    )  # fmt: skip
    ForumPreventionLevel.objects.bulk_create(
        ForumPreventionLevel(tenant=made.tenant, forum=forum, prevention_level=made.prevention_levels[key]) for key in row.get("prevention_levels", [])
    )
    for seat in sorted(row.get("seats", []), key=lambda seat: "deputy_for" in seat):  # a deputy after the seat it stands in for
        _make_seat(made, row["key"], forum, seat)


def _make_seat(made: Made, forum_key: str, forum: Forum, row: Preset) -> None:
    key = f"{forum_key}/{row['key']}"
    made.seats[key] = actions.add_seat(
        forum, actor=made.actor, role=SeatRole(row["role"]), title=row["title"], organisation=made.organisations[row["organisation"]], key=key,
        kind=Seat.Kind(row.get("kind", "FIXED")), deputy_for=made.seats.get(f"{forum_key}/{row.get('deputy_for')}"), has_vote=row.get("vote", True),
        duties=[Duty(duty) for duty in row.get("duties", [])],
    )  # fmt: skip
