"""The demo: Thisted's organisation with invented people, one neighbouring kommune and their politikreds.

Dates are relative to the day of loading. Loading twice changes nothing.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from access.actor import Actor
from access.context import context_of
from access.models import User
from access.roles import FORUM_VERBS, AppointmentRole, Verb
from municipalities import actions
from municipalities.models import Forum, Seat, Tenant
from municipalities.presets import create_tenant, read_preset, setup_actor, system_user
from municipalities.school_holidays import add_usual_holidays
from ssp.demo import agenda, meetings, organisation, people, plans, together
from ssp.demo import cases as case_files

FOLDER = Path(__file__).parent
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
OWN_STORY = frozenset({"catalogue", "functions"})


@dataclass
class World:
    """What one tenant's demo file refers to by key."""

    tenant: Tenant
    content: dict[str, Any]
    preset: dict[str, Any]
    users: dict[str, User]
    today: date
    forums: dict[str, Forum] = field(default_factory=dict)
    meetings: dict[str, Any] = field(default_factory=dict)
    items: dict[tuple[str, str], Any] = field(default_factory=dict)  # (meeting key, case key) -> agenda item
    cases: dict[str, Any] = field(default_factory=dict)

    def day(self, days: int) -> date:
        """A weekday that many days from today: a weekend moves to the Monday after (or, before today, the Friday)."""
        found = self.today + timedelta(days=days)
        while found.weekday() > 4:
            found += timedelta(days=1 if days >= 0 else -1)
        return found

    def moment(self, day: date, clock: str) -> datetime:
        """That clock time in Denmark."""
        return datetime.combine(day, time.fromisoformat(clock), COPENHAGEN)

    def actor(self) -> Actor:
        """The system user with every verb in every forum of this tenant: only for loading what is invented."""
        everywhere = frozenset(forum.pk for forum in self.forums.values())
        return Actor(
            user_id=system_user(self.tenant.slug).pk, tenant_id=self.tenant.pk, is_member=True, is_system=True,
            forums=dict.fromkeys(FORUM_VERBS, everywhere), tenant_verbs=frozenset({Verb.MANAGE_TENANT}),
        )  # fmt: skip


def load_demo(today: date) -> bool:
    """Load everything if nothing is there. Returns False when the demo is loaded already."""
    if Tenant.objects.exists():
        return False
    kreds = read_demo("kreds")
    parent = create_tenant(kreds, is_demo=True)
    files = [read_demo(name) for name in ("thisted", "morsoe")]
    with context_of(Actor(user_id=system_user(parent.slug).pk, is_system=True)):  # one of them is an operator: no page makes one (access/operator_sql.py)
        users = {row["key"]: _user(row) for content in [*files, kreds] for row in content.get("users", [])}
    _load_tenant(parent, kreds, kreds, users, today)
    for content in files:
        preset = _without_own(read_preset(content["preset"]), content) if "preset" in content else content
        _load_tenant(create_tenant(preset, parent=parent, is_demo=True), content, preset, users, today)
    return True


def _without_own(preset: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """What the demo tells as a story of its own stands instead of the preset's, not beside it."""
    return {section: rows for section, rows in preset.items() if section not in OWN_STORY & content.keys()}


def read_demo(name: str) -> dict[str, Any]:
    """The content of demo/<name>.toml."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _user(row: dict[str, Any]) -> User:
    first, _, last = row["name"].rpartition(" ")
    title = row["title"] if row.get("demo_login") else ""
    user = User(username=row["email"], email=row["email"], first_name=first, last_name=last, title=title, mark=row["mark"], is_demo=True, is_operator=row.get("operator", False))
    user.set_unusable_password()
    user.save()
    return user


def _load_tenant(tenant: Tenant, content: dict[str, Any], preset: dict[str, Any], users: dict[str, User], today: date) -> None:
    world = World(tenant, content, preset, users, today)
    manager = setup_actor(tenant)
    with context_of(manager):
        world.forums = {forum.key: forum for forum in Forum.objects.filter(tenant=tenant)}
        for row in content.get("seats", []):
            if not row.get("new"):
                _hold_seat(world, row)
        for row in content.get("appointments", []):
            appointed = actions.appoint(tenant, users[row["user"]], AppointmentRole(row["role"]))
            appointed.valid_from = world.moment(today + timedelta(days=row.get("from_days", -400)), "08:00")
            appointed.save(update_fields=["valid_from"])
        for year in (today.year, today.year + 1):
            add_usual_holidays(tenant, year, actor=manager)
    with context_of(world.actor()):
        meetings.load(world)
    agenda.load(world)
    agenda.load_handovers(world)
    agenda.load_decisions(world)
    with context_of(world.actor()):
        case_files.load(world)
    with context_of(world.actor()):
        plans.load(world)
    people.load(world)
    together.load(world)
    with context_of(manager):  # they sat down after every meeting
        for row in content.get("seats", []):
            if row.get("new"):
                _hold_seat(world, row)
    people.load_administration(world)
    organisation.load(world)


def _hold_seat(world: World, row: dict[str, Any]) -> None:
    seat = Seat.objects.get(tenant=world.tenant, key=row["seat"])
    user = world.users[row["user"]]
    if seat.user_id is not None:  # several hold a seat of this kind: each has his own
        seat = Seat(tenant=seat.tenant, key=seat.key, forum=seat.forum, role=seat.role, title=seat.title, organisation=seat.organisation, group=seat.group)
    if "title" in row:
        seat.title = row["title"]
    seat.user = user
    seat.valid_from = world.moment(world.today + timedelta(days=row.get("from_days", -400)), "08:00")
    seat.save()
    user.groups.add(seat.group)
