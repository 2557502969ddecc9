"""Demo: what is shared with the politikreds, the samarbejdsplan, the catalogue, the sparring door and the funktionsbeskrivelser."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from access.actor import Actor
from access.context import context_of
from municipalities import sharing, sparring
from municipalities.models import Organisation, PreventionLevel, Release
from municipalities.presets import Made
from municipalities.sparring import load_door
from plans import cooperation, function_leader_actions, functions
from plans.models import FunctionDescription, Plan
from plans.presets import load_catalogue, load_functions
from plans.reading import in_force
from reports.figures import read_figures
from reports.periods import ended_half_years
from reports.sharing import figures_snapshot, open_forums

if TYPE_CHECKING:
    from ssp.demo.load import World


def load(world: World) -> None:
    """Each part in a context of its own, as the person who would have done it."""
    with context_of(world.actor()) as actor:
        made = _made(world, actor)
        for section, make in (("catalogue", load_catalogue), ("sparring", load_door), ("functions", load_functions)):
            if section in made.preset:
                make(made)
    for row in world.content.get("functions", []):
        _advance(world, row)
    _sparring(world)
    for row in world.content.get("releases", []):
        _release(world, row)
    for row in world.content.get("cooperation", []):
        _cooperation(world, row)


def _made(world: World, actor: Actor) -> Made:
    """The kommune with the sections that its demo file adds to the preset."""
    names = {row["key"]: row["name"] for row in world.preset["organisations"]}
    organisations = {organisation.name: organisation for organisation in Organisation.objects.filter(tenant=world.tenant)}
    levels = {level.order: level for level in PreventionLevel.objects.filter(tenant=world.tenant)}
    return Made(
        world.tenant, world.content if world.content is not world.preset else {}, actor,
        prevention_levels={row["key"]: levels[row["order"]] for row in world.preset.get("prevention_levels", [])},
        organisations={key: organisations[name] for key, name in names.items() if name in organisations},
    )  # fmt: skip


def _as(world: World, key: str) -> Actor:
    """The demo's actor under a person's name, so that the page says who did it."""
    return replace(world.actor(), user_id=world.users[key].pk)


def _advance(world: World, row: dict[str, Any]) -> None:
    """Take a description as far as the file says."""
    if "leader" not in row:
        return
    with context_of(_as(world, row["author"])) as actor:
        description = FunctionDescription.objects.select_related("organisation", "forum").get(tenant=world.tenant, title=row["title"])
        organisation = Organisation.objects.get(pk=description.organisation_id)
        if organisation.leader_id is None:
            function_leader_actions.name_leader(organisation, world.users[row["leader"]], actor=actor)
        description.author_id = actor.user_id
        description.save(update_fields=["author"])
        if "drafted" in row:
            functions.send_to_leaders(description, world.meetings[row["drafted"]], actor=actor)
    if row.get("approved"):
        with context_of(_as(world, row["leader"])) as actor:
            functions.approve_function(description, actor=actor, seen=functions.version_of(description))
    if "final" in row:
        with context_of(_as(world, row["author"])) as actor:
            functions.finish_function(description, world.meetings[row["final"]], actor=actor)


def _sparring(world: World) -> None:
    row = world.content.get("sparring") or {}
    if "holder" not in row:
        return
    with context_of(world.actor()) as actor:
        sparring.save_door(actor=actor, holder=world.users[row["holder"]])
    for call in row.get("calls", []):
        with context_of(_as(world, call["asker"])) as actor:
            sparring.ask_for_call(actor=actor, how=call["how"], when=call["when"])


def _release(world: World, row: dict[str, Any]) -> None:
    with context_of(_as(world, row["user"])) as actor:
        if row["kind"] == Release.Kind.PLAN:
            for plan in in_force(Plan.objects.filter(tenant=world.tenant)):
                sharing.share(row["kind"], plan.public_id, actor=actor)
        elif row["kind"] == Release.Kind.DATES:
            sharing.share(row["kind"], str(world.today.year), actor=actor)
        else:  # counted from the demo's own cases and meetings; no report has been made of them yet
            half_year = ended_half_years(world.today)[0]
            snapshot = figures_snapshot(half_year, read_figures(actor, half_year), open_forums(actor))
            sharing.keep(row["kind"], snapshot, actor=actor)


def _cooperation(world: World, row: dict[str, Any]) -> None:
    with context_of(_as(world, row["user"])) as actor:
        plan = cooperation.begin_cooperation_plan(world.today.year + row.get("years_ahead", 0), actor=actor)
        sections = [{"heading": part["heading"], "text": part["text"].strip()} for part in row["sections"]]
        plan = cooperation.write_cooperation_plan(plan, sections, actor=actor, seen=cooperation.version_of(plan))
        if "discussed" in row:
            meeting = world.meetings[row["discussed"]]
            plan.written_at = meeting.starts_at  # it lay ready for the meeting, which was held before the demo was loaded
            plan.save(update_fields=["written_at"])
            cooperation.note_discussed(plan, meeting, actor=actor)
            cooperation.publish_cooperation_plan(plan, actor=actor)
