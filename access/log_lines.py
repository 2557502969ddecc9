"""Entries of the access log as a reader sees them: words for what was touched, and which fields. Never a value, never a name.

People are «Person 17»; who it is stands in the case, behind its own door.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.dates import clock, day
from access.models import LogEntry

# what the rows that the log speaks of are called on screen, by content type: words only, no import. What a kommune may call by a word
# of its own (municipalities.terms) is registered by its app
NAMES: dict[str, Any] = {
    "access.logentry": _("Access log"),
    "access.mailchoice": _("Choice of mails"),
    "cases.adhocgrant": _("Guest's access"),
    "cases.case": _("Case"),
    "cases.caseagreement": _("Agreement in a case"),
    "cases.caseagreementparty": _("Responsible for an agreement in a case"),
    "cases.caseagreementremark": _("Remark on an agreement in a case"),
    "cases.caseagreementstep": _("What became of an agreement in a case"),
    "cases.caseattachment": _("File of a case"),
    "cases.caseextension": _("Extension of a case"),
    "cases.caseitem": _("Case on the agenda"),
    "cases.caserecusal": _("Disqualified from a case"),
    "cases.casetext": _("Text of a case"),
    "cases.discussion": _("Discussion"),
    "cases.involvement": _("Involvement of the family"),
    "cases.itempresence": _("Present at a case"),
    "cases.person": _("Person"),
    "cases.persondata": _("Person data"),
    "meetings.agendaitem": _("Agenda item"),
    "meetings.agendatemplate": _("Standing agenda"),
    "meetings.agendatemplateitem": _("Item of a standing agenda"),
    "meetings.agreement": _("Agreement"),
    "meetings.agreementparty": _("Responsible for an agreement"),
    "meetings.agreementstep": _("What became of an agreement"),
    "meetings.attachment": _("File of an item"),
    "meetings.attendance": _("Attendance"),
    "meetings.calendarfeed": _("Calendar address"),
    "meetings.correctionnote": _("Correction of minutes"),
    "meetings.itemrecusal": _("Disqualified from an item"),
    "meetings.meeting": _("Meeting"),
    "meetings.meetingbook": _("Meeting book"),
    "meetings.minutesassent": _("Minutes found right"),
    "meetings.minutescomment": _("Comment on minutes"),
    "meetings.minutesversion": _("Version of minutes"),
    "meetings.minutesversionitem": _("Item of a version of minutes"),
    "meetings.publicattachment": _("File of public minutes"),
    "meetings.publicminutes": _("Public minutes"),
    "municipalities.appointment": _("Appointment"),
    "municipalities.appointmentwish": _("Wish for an appointment"),
    "municipalities.area": _("Area"),
    "municipalities.classchange": _("Change of a forum's class"),
    "municipalities.forumpreventionlevel": _("What a forum works on"),
    "municipalities.forumtrin": _("Which forum handles a trin"),
    "municipalities.callrequest": _("Request to be called back"),
    "municipalities.exportorder": _("Export of the whole kommune"),
    "municipalities.forum": _("Forum"),
    "municipalities.level": _("Tier"),
    "municipalities.matrixcell": _("Level and prevention"),
    "municipalities.organisation": _("Organisation"),
    "municipalities.preventionlevel": _("Band of the prevention model"),
    "municipalities.release": _("Shared with the politikreds"),
    "municipalities.seat": _("Seat"),
    "municipalities.sparringdoor": _("Sparring door"),
    "municipalities.tenant": _("Kommune"),
    "municipalities.trin": _("Trin"),
    "plans.catalogueentry": _("Catalogue entry"),
    "plans.cooperationplan": _("Samarbejdsplan"),
    "plans.cooperationversion": _("Published samarbejdsplan"),
    "plans.functiondescription": _("Funktionsbeskrivelse"),
    "plans.functionrecord": _("Step of a funktionsbeskrivelse"),
    "plans.functionversion": _("Version of a funktionsbeskrivelse"),
    "plans.milestone": _("Milestone"),
    "reports.report": _("Report"),
}
type Terms = Mapping[str, str]  # what the kommune calls things
_own_names: dict[str, Callable[[Terms], str]] = {}
TECHNICAL = {"id", "tenant", "public_id"}
# models whose rows are called after ids and codes: the kind says enough, and whom a row of a case is about stands beside it
UNNAMED = {
    "access.mailchoice",
    "cases.adhocgrant",
    "cases.caseagreement",
    "cases.caseagreementparty",
    "cases.caseagreementremark",
    "cases.caseagreementstep",
    "cases.caseagreementtext",
    "cases.caseattachment",
    "cases.caseextension",
    "cases.caseitem",
    "cases.caserecusal",
    "cases.casetext",
    "cases.discussion",
    "cases.involvement",
    "cases.itempresence",
    "cases.persondata",
    "meetings.agreementparty",
    "meetings.attachment",
    "meetings.attendance",
    "meetings.calendarfeed",
    "meetings.itemrecusal",
    "meetings.meetingbook",
    "meetings.minutesassent",
    "meetings.minutescomment",
    "meetings.minutesversion",
    "meetings.minutesversionitem",
    "municipalities.callrequest",
    "municipalities.exportorder",
    "plans.decision",
    "plans.followup",
    "plans.functionrecord",
    "plans.functionversion",
    "plans.planversion",
    "reports.report",
}
FIELD_WORDS: dict[str, Any] = {  # fields without a name of their own on any screen; what is not here is technical and left out
    "name": _("name"),
    "status": _("status"),
    "called_at": _("called"),
    "closed_at": _("ended"),
    "closed_on": _("ended"),
    "approved_at": _("approved"),
    "approved_on": _("approved"),
    "approved_by": _("approved by"),
    "submitted_by": _("submitted by"),
    "order": _("place in the order"),
    "presence": _("attendance"),
    "reply": _("answer to the invitation"),
    "is_done": _("finished"),
    "done_at": _("finished"),
    "user": _("holder"),
    "valid_from": _("from"),
    "valid_to": _("until"),
    "revoked_at": _("called back"),
    "texts": _("texts"),
    "version": _("version"),
    "who": _("responsible"),
    "kind": _("kind"),
    "ceiling": _("highest class"),
    "level": _("level"),
    "parent": _("stands below"),
    "area": _("area"),
    "purpose": _("purpose"),
    "convening": _("who may call meetings"),
    "chairing": _("who chairs"),
    "minutes_are_public": _("public minutes"),
    "active_from": _("first day"),
    "active_to": _("last day"),
    "organisation": _("organisation"),
    "mark": _("mark"),
    "role": _("role"),
    "title": _("title"),
    "elected_on": _("elected"),
    "has_vote": _("vote"),
    "may_convene": _("may call meetings"),
    "may_chair": _("may chair"),
    "may_minute": _("may take minutes"),
    "deputy_for": _("deputy for"),
    "ssp_role": _("what SSP does"),
    "prevention_shape": _("shape of the prevention model"),
    "terms": _("names"),
    "former_terms": _("names"),
    "target_ages": _("ages"),
    "decided_by": _("decided by"),
    "leader": _("leader"),
    "withdrawn_at": _("taken back"),
}
SAYS_NOTHING = re.compile(r"(\d+/)?[0-9a-z]{10,20}|\d*")  # a key or a random public id, not a name of the row


def register_log_name(label: str, name: Callable[[Terms], str]) -> None:
    """Called from an app's `ready()`: what a kommune with these names calls the rows of a model (`plans.plan`)."""
    _own_names[label] = name


@dataclass(frozen=True)
class LogLine:
    """One entry: the row itself, when, what was touched, the names of changed fields, the persons concerned by number."""

    entry: LogEntry
    at: str
    what: str
    fields: str
    persons: str

    @property
    def tag(self) -> str:
        """The colour of what stands out: refused, or attempted and not shown."""
        if self.entry.was_attempted:
            return "warn"
        return "bad" if self.entry.action == LogEntry.Action.DENIED else ""


def log_lines(entries: Iterable[LogEntry], terms: Terms) -> list[LogLine]:
    """The entries, ready for the page of a kommune with these names. Content types come from Django's cache: no query a row."""
    at, persons = gettext("%(day)s at %(time)s"), gettext("Person %(numbers)s")
    return [
        LogLine(
            entry, at % {"day": day(entry.timestamp), "time": clock(entry.timestamp)}, _what(entry, terms), _fields(entry),
            persons % {"numbers": ", ".join(map(str, entry.subjects))} if entry.subjects else "",
        )
        for entry in entries
    ]  # fmt: skip


def _what(entry: LogEntry, terms: Terms) -> str:
    kind = ContentType.objects.get_for_id(entry.content_type_id)
    label = f"{kind.app_label}.{kind.model}"
    name = _own_names[label](terms) if label in _own_names else str(NAMES.get(label) or capfirst(kind.name))
    if not entry.object_pk or label in UNNAMED:  # several at once: the persons stand beside it
        return name
    told = _without(_without(entry.object_repr, kind.name), name)
    if not SAYS_NOTHING.fullmatch(told):
        return f"{name} {told}"
    return gettext("%(name)s no. %(number)s") % {"name": name, "number": entry.object_pk} if entry.object_pk.isdigit() else name


def _without(text: str, start: str) -> str:
    return text[len(start) :].strip() if text.lower().startswith(start.lower()) else text


def _fields(entry: LogEntry) -> str:
    if entry.action != LogEntry.Action.UPDATE or not entry.changes:
        return ""
    model: Any = ContentType.objects.get_for_id(entry.content_type_id).model_class()
    words = (_field_name(model, name) for name in entry.changes if name not in TECHNICAL)
    return ", ".join(dict.fromkeys(word for word in words if word))


def _field_name(model: Any, name: str) -> str:
    try:
        field = model._meta.get_field(name)
    except (AttributeError, FieldDoesNotExist):
        return gettext("a field that is no longer there")
    has_own_name = str(field.verbose_name) != name.replace("_", " ")
    return str(field.verbose_name if has_own_name else FIELD_WORDS.get(name, ""))
