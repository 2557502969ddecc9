"""Writes of forums: opening one, changing it, ending it. What may raise a forum's class stands in class_change_actions."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import require
from access.roles import Convening, DataClass, Duty, SeatRole, Verb
from municipalities.actions import end_of_day, open_forum, seat_group, write_forum_rights
from municipalities.errors import SetupError
from municipalities.models import Forum, ForumPreventionLevel, Organisation, PreventionLevel, Seat, Tenant
from municipalities.preset_rules import PERSON_KINDS
from municipalities.trees import is_ring
from municipalities.versions import refuse_stale

DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})
PLAIN = (
    "name", "level", "parent", "area", "purpose", "target_ages", "minutes_are_public", "convening", "chairing", "chair_text", "is_minor", "order", "active_from", "active_to",
)  # fmt: skip


def add_forum(tenant: Tenant, *, actor: Actor, prevention_levels: list[PreventionLevel], **fields: Any) -> Forum:
    """Create a forum as its form says, last in its level, with a key made of its name. Raises SetupError."""
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)  # two at once do not get the same key
    refuse_class_of_kind(fields["kind"], fields["ceiling"])
    refuse_taken_name(Forum(tenant=tenant, name=fields["name"]))
    forum = open_forum(tenant, actor=actor, key=_free_key(tenant, fields["name"]), **fields)
    _write_bands(forum, prevention_levels)
    return forum


def change_forum(forum: Forum, *, actor: Actor, seen: str | None = None, prevention_levels: list[PreventionLevel], **fields: Any) -> Forum:
    """Change what is plain about a forum: not its kind and not its class. Its rights follow the rule of convening.

    With a last day, its seats end when that day is over; a day taken away again brings no seat back. Raises StaleError, SetupError.
    """
    require(actor, Verb.MANAGE_TENANT, forum)
    Tenant.objects.select_for_update(no_key=True).get(pk=forum.tenant_id)  # two at once do not make a ring of two
    forum = Forum.objects.select_for_update(of=("self",)).get(tenant_id=forum.tenant_id, pk=forum.pk)
    refuse_stale(forum, seen)
    for name in PLAIN:
        setattr(forum, name, fields.get(name, getattr(forum, name)))
    refuse_ring(forum)
    refuse_taken_name(forum)
    if forum.minutes_are_public and forum.is_person_forum:
        raise SetupError(_("The minutes of a forum with person data are never public."))
    refuse_own_convening(forum, actor)
    forum.save(update_fields=list(PLAIN))
    _write_bands(forum, prevention_levels)
    if forum.active_to is not None:
        end_seats_after(forum, forum.active_to)
    follow_convening(forum)
    return forum


def refuse_taken_name(forum: Forum) -> None:
    """Raise SetupError when another forum has the name: nobody could tell them apart on an agenda or in a file of people. A forum that has ended has left its name."""
    same = Forum.objects.filter(tenant_id=forum.tenant_id, name__iexact=forum.name.strip()).exclude(pk=forum.pk)
    if same.filter(Q(active_to=None) | Q(active_to__gte=timezone.localdate())).exists():
        raise SetupError(_("There is one with this name already. Choose another name."))


def refuse_ring(forum: Forum) -> None:
    """Raise SetupError when the forum would stand above itself."""
    parents = dict(Forum.objects.filter(tenant_id=forum.tenant_id).values_list("pk", "parent_id"))
    if is_ring(forum.pk, forum.parent_id, parents):
        raise SetupError(_("%(parent)s stands below %(forum)s already. A forum cannot stand above itself: choose another one.") % {"parent": forum.parent, "forum": forum})


def refuse_class_of_kind(kind: str, ceiling: str) -> None:
    """Raise SetupError when a forum of this kind cannot have this class. The database has the same rule (forum_person_kinds)."""
    if DataClass(ceiling).is_person and kind not in PERSON_KINDS:
        raise SetupError(_("A forum of this kind never handles person data. Choose another kind, or a lower class."))
    if (ceiling == DataClass.PERSON_INFOHUS) != (kind == Forum.Kind.INFOHUS):
        raise SetupError(_("An Infohus has the class “Person data, Infohus”, and nothing else has it."))


def end_seats_after(forum: Forum, last_day: date) -> None:
    """All seats of the forum end when its last day is over; those that would last longer are cut."""
    end = end_of_day(last_day)
    for seat in Seat.objects.select_for_update(of=("self",)).filter(Q(valid_to=None) | Q(valid_to__gt=end), tenant_id=forum.tenant_id, forum=forum):
        seat.valid_to = end
        seat.valid_from = min(seat.valid_from, end)
        seat.save(update_fields=["valid_from", "valid_to"])


def refuse_own_convening(forum: Forum, actor: Actor) -> None:
    """Raise SetupError when the rule would change the administrator's own seat in a forum with person data. `guard_sql.OWN_SEAT` says it again."""
    if forum.is_person_forum and _seats_to_follow(forum).filter(user_id=actor.user_id).exists():
        raise SetupError(_("You sit in this forum for the police yourself, and nobody changes his own rights there. Ask another administrator to change who convenes it."))


def _seats_to_follow(forum: Forum) -> Any:
    seats = Seat.objects.not_over().filter(tenant_id=forum.tenant_id, forum=forum, organisation__kind=Organisation.Kind.POLICE)
    return seats.exclude(may_convene=forum.convening == Convening.POLICE)


def follow_convening(forum: Forum) -> None:
    """Give the seats of the police the duty to convene where that is the rule, take it where it was, and write the forum's rights."""
    is_rule = forum.convening == Convening.POLICE
    for seat in _seats_to_follow(forum).select_for_update(of=("self",)).select_related("group", "user"):
        former, seat.may_convene = seat.group, is_rule
        seat.group = seat_group(forum, SeatRole(seat.role), seat.duties | ({Duty.CONVENE} if is_rule else set()))
        seat.save(update_fields=["may_convene", "group"])
        if seat.user is not None:
            seat.user.groups.add(seat.group)
            if not Seat.objects.current().filter(group=former, user=seat.user).exists():
                seat.user.groups.remove(former)
    write_forum_rights(forum)


def _write_bands(forum: Forum, chosen: list[PreventionLevel]) -> None:
    ids = {band.pk for band in chosen}
    rows = ForumPreventionLevel.objects.filter(tenant_id=forum.tenant_id, forum=forum)
    rows.exclude(prevention_level__in=ids).delete()
    there = set(rows.values_list("prevention_level_id", flat=True))
    ForumPreventionLevel.objects.bulk_create(ForumPreventionLevel(tenant_id=forum.tenant_id, forum=forum, prevention_level_id=pk) for pk in sorted(ids - there))


def _free_key(tenant: Tenant, name: str) -> str:
    stem = slugify(name.translate(DANISH))[:32] or "forum"
    taken = set(Forum.objects.filter(tenant=tenant, key__startswith=stem).values_list("key", flat=True))
    return next(key for key in (stem, *(f"{stem}-{number}" for number in range(2, 10_000))) if key not in taken)
