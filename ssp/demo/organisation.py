"""Demo: what an administrator has added to the preset: areas, who answers to whom, a trin scale, the matrix, a forum that waits for a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from access.actor import Actor
from access.context import context_of
from access.roles import Verb
from municipalities.appointment_actions import ask_appointment
from municipalities.class_change_actions import ask_class_change
from municipalities.forum_actions import change_forum
from municipalities.models import Area, Forum, Level, PreventionLevel, Trin
from municipalities.structure_actions import save_part, set_trin_forums, write_matrix

if TYPE_CHECKING:
    from ssp.demo.load import World


def load(world: World) -> None:
    """As the administrator himself, by the same actions as in the browser."""
    content = world.content.get("organisation")
    if content is None:
        return
    administrator = world.users[content["by"]]
    with context_of(Actor(user_id=administrator.pk, tenant_id=world.tenant.pk, is_member=True, tenant_verbs=frozenset({Verb.MANAGE_TENANT}))) as actor:
        areas: dict[str, Area] = {}
        for row in content["areas"]:
            areas[row["name"]] = Area(tenant=world.tenant, name=row["name"], kind=row["kind"], parent=areas.get(row.get("parent", "")))
            save_part(areas[row["name"]], actor=actor)
        for row in content["below"]:
            forum = Forum.objects.get(tenant=world.tenant, key=row["forum"])
            change_forum(forum, actor=actor, parent=world.forums[row["parent"]], prevention_levels=list(forum.prevention_levels.all()))
        for row in content["trin"]:
            trin = Trin(tenant=world.tenant, number=row["number"], name=row["name"], description=row["description"])
            save_part(trin, actor=actor)
            set_trin_forums(trin, [world.forums[key] for key in row["forums"]], actor=actor)
        levels = {level.name: level.pk for level in Level.objects.filter(tenant=world.tenant)}
        bands = {band.name: band.pk for band in PreventionLevel.objects.filter(tenant=world.tenant)}
        write_matrix(world.tenant.pk, {(levels[row["level"]], bands[row["band"]]): row["text"] for row in content["matrix"]}, actor=actor)
        for row in content["class_changes"]:
            forum = world.forums[row["forum"]]
            ask_class_change(forum, actor=actor, kind=forum.kind, ceiling=row["to"], reason=row["reason"])
        for row in content.get("appointment_wishes", []):
            ask_appointment(row["role"], row["email"], row["name"], row["reason"], actor=actor)
