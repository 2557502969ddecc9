"""The writes of the year's plan: proposed dates become drafts, and the next meeting is set at a meeting. Nobody is told."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import require
from access.roles import Verb
from meetings.actions import create_meeting, lay_agenda
from meetings.errors import MeetingStateError, PlanChangedError
from meetings.models import AgendaTemplate, Meeting
from meetings.numbers import follow_dates, lock_numbers, next_number
from meetings.year_plan import Usual, read_year_plan
from municipalities.models import Forum


def accept_dates(forum: Forum, *, actor: Actor, year: int, usual: Usual, days: Mapping[str, date]) -> list[Meeting]:
    """Make a draft of each chosen date: key of the proposal -> the day, the proposed one or another. Returns the new meetings.

    A date that is planned already is passed over, so accepting twice makes nothing twice. Raises PlanChangedError, and makes
    nothing, when a key is neither proposed nor planned any more.
    """
    require(actor, Verb.CONVENE, forum)
    lock_numbers(forum.tenant_id)  # two at once read the plan one after the other
    plan = read_year_plan(actor, forum, year, usual, days)
    proposed = {row.key for row in plan.rows}
    if any(key not in proposed and key not in plan.taken for key in days):
        raise PlanChangedError(_("The proposal has changed since you opened it. Look at the new one, and choose again."))
    made = [
        create_meeting(forum, actor=actor, starts_at=row.starts_at, ends_at=row.ends_at, place=usual.place, number=row.number, planned_for=row.key)
        for row in plan.rows if row.key in days
    ]  # fmt: skip
    follow_dates(forum, *(meeting.starts_at for meeting in made))
    _lay_agendas(forum, made, actor)
    return made


def _lay_agendas(forum: Forum, made: list[Meeting], actor: Actor) -> None:
    """Each the standing agenda of the number that it has now: where some dates are passed over, it is not the one that was proposed."""
    templates = standing_agendas(forum)
    numbers = dict(Meeting.objects.filter(pk__in=[meeting.pk for meeting in made]).values_list("pk", "number"))
    for meeting in made:
        meeting.number = numbers[meeting.pk]
        if template := agenda_for(templates, meeting.number):
            lay_agenda(meeting, template, actor)


def set_next_meeting(meeting: Meeting, *, actor: Actor, starts_at: datetime, ends_at: datetime, place: str) -> Meeting:
    """The forum's next meeting, set at this one. Raises MeetingStateError when there is one already, or the day does not come after."""
    require(actor, Verb.CONVENE, meeting)
    lock_numbers(meeting.tenant_id)
    if next_meeting_after(meeting) is not None:
        raise MeetingStateError(_("The next meeting is planned already. Change its time and place on its own page."))
    if starts_at < meeting.ends_at:
        raise MeetingStateError(_("The next meeting comes after this one. Choose a later day."))
    return plan_by_number(meeting.forum, actor=actor, starts_at=starts_at, ends_at=ends_at, place=place)


def plan_by_number(forum: Forum, *, actor: Actor, starts_at: datetime, ends_at: datetime, place: str) -> Meeting:
    """A draft with the standing agenda of its number in the year."""
    require(actor, Verb.CONVENE, forum)
    lock_numbers(forum.tenant_id)
    template = agenda_for(standing_agendas(forum), next_number(forum, starts_at))
    return create_meeting(forum, actor=actor, starts_at=starts_at, ends_at=ends_at, place=place, template=template)


def next_meeting_after(meeting: Meeting) -> Meeting | None:
    """The forum's next meeting that is not cancelled, after this one."""
    later = Meeting.objects.filter(forum_id=meeting.forum_id, starts_at__gt=meeting.starts_at).exclude(status=Meeting.Status.CANCELLED)
    found: Meeting | None = later.order_by("starts_at").first()
    return found


def standing_agendas(forum: Forum) -> list[AgendaTemplate]:
    """The forum's standing agendas, the oldest first."""
    return list(AgendaTemplate.objects.filter(forum=forum).order_by("pk"))


def agenda_for(templates: list[AgendaTemplate], number: int) -> AgendaTemplate | None:
    """The standing agenda of the year's meeting with this number: the one made for it, else the first for any meeting."""
    for template in templates:
        if number in template.meeting_numbers:
            return template
    return next((template for template in templates if not template.meeting_numbers), None)
