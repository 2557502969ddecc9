"""A preset: data files from which a tenant is set up. Facts stand in presets/*.toml, behaviour never does."""

import tomllib
from pathlib import Path
from typing import Any

from access.actor import Actor
from access.context import context_of
from access.models import User
from access.roles import AppointmentRole, SeatRole, Verb
from municipalities import actions
from municipalities.models import Forum, ForumPreventionLevel, Level, Organisation, PreventionLevel, Tenant

FOLDER = Path(__file__).parent / "presets"
Rows = list[dict[str, Any]]


def read_preset(name: str) -> dict[str, Any]:
    """The content of presets/<name>.toml."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def system_user(slug: str) -> User:
    """The tenant's own user for jobs, invitations and set-up, so that every log row has an actor. Cannot log in."""
    user, created = User.objects.get_or_create(
        username=f"system:{slug}", defaults={"email": f"system-{slug}@ssp.invalid", "first_name": "SSP", "last_name": "System", "is_system": True}
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def setup_actor(tenant: Tenant) -> Actor:
    """Who sets a tenant up: its system user with the right to manage it, and no right to any content."""
    return Actor(user_id=system_user(tenant.slug).pk, tenant_id=tenant.pk, is_member=True, is_system=True, tenant_verbs=frozenset({Verb.MANAGE_TENANT}))


def create_tenant(preset: dict[str, Any], *, parent: Tenant | None = None, is_demo: bool = False) -> Tenant:
    """Create a tenant with its levels, organisations, forums and vacant seats."""
    head = preset["tenant"]
    with context_of(Actor(user_id=system_user(head["slug"]).pk, is_system=True)):
        tenant = Tenant.objects.create(
            kind=head.get("kind", "KOMMUNE"), name=head["name"], slug=head["slug"], code=head.get("code", ""), parent=parent, is_demo=is_demo,
            prevention_shape=head.get("prevention", "trekant"), terms=preset.get("terms", {}),
        )  # fmt: skip
    actor = setup_actor(tenant)
    with context_of(actor):
        actions.appoint(tenant, system_user(tenant.slug), AppointmentRole.SYSTEM)
        _load_organisation(tenant, preset, actor)
    return tenant


def _load_organisation(tenant: Tenant, preset: dict[str, Any], actor: Actor) -> None:
    levels = {row["key"]: Level.objects.create(tenant=tenant, name=row["name"], order=row["order"]) for row in preset["levels"]}
    bands = {
        row["key"]: PreventionLevel.objects.create(tenant=tenant, name=row["name"], order=row["order"], ssp_role=row.get("ssp_role", ""))
        for row in preset.get("prevention_levels", [])
    }
    organisations = {
        row["key"]: Organisation.objects.create(tenant=tenant, name=row["name"], kind=row["kind"], mark=row["mark"]) for row in preset["organisations"]
    }
    forums: dict[str, Forum] = {}
    for row in preset["forums"]:
        forum = forums[row["key"]] = actions.open_forum(tenant, actor=actor, level=levels[row["level"]], parent=forums.get(row.get("parent", "")), **_forum_fields(row))
        ForumPreventionLevel.objects.bulk_create(
            ForumPreventionLevel(tenant=tenant, forum=forum, prevention_level=bands[key]) for key in row.get("prevention_levels", [])
        )
        for seat in row.get("seats", []):
            actions.add_seat(
                forum, actor=actor, role=SeatRole(seat["role"]), title=seat["title"], organisation=organisations[seat["organisation"]], key=f"{row['key']}/{seat['key']}"
            )


def _forum_fields(row: dict[str, Any]) -> dict[str, Any]:
    cadence = row.get("cadence", {"unit": "NONE"})
    return {
        "key": row["key"], "name": row["name"], "kind": row["kind"], "ceiling": row["ceiling"], "purpose": row.get("purpose", ""),
        "chair_text": row.get("chair_text", ""), "target_ages": row.get("target_ages", ""), "is_minor": row.get("minor", False), "order": row["order"],
        "cadence_unit": cadence["unit"], "cadence_number": cadence.get("number", 0), "cadence_qualifier": cadence.get("qualifier", "EXACTLY"),
        "cadence_extra": cadence.get("extra", 0), "cadence_note": cadence.get("note", ""),
    }  # fmt: skip
