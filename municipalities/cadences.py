"""How often a forum has agreed to meet, as a phrase: «min. 3 møder om året», «hver 3. uge og ad hoc», «1 møde i februar i ulige år».

What a cadence may be is asked in municipalities/cadence_rules.py; the dates it gives in meetings/slots.py.
"""

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipalities.models import Forum

Unit, Qualifier, Parity = Forum.CadenceUnit, Forum.CadenceQualifier, Forum.YearParity


def cadence_sentence(forum: Forum) -> str:
    """The forum's cadence in the active language. A note that starts with «+» is joined to it, another stands after a comma."""
    note = forum.cadence_note.strip()
    if forum.cadence_unit == Unit.NONE:
        return _with_notice(forum, note or _("when needed"))
    said = _qualified(forum, _rhythm(forum))
    when = _when(forum)
    if when:
        shape = _("%(cadence)s %(when)s") if _is_some_years(forum) else _("%(cadence)s, %(when)s")
        said = shape % {"cadence": said, "when": when}
    if forum.cadence_extra:
        said = _joined(said, ngettext("%(n)s extra", "%(n)s extra", forum.cadence_extra) % {"n": forum.cadence_extra}, when)
    if note.startswith("+"):
        said, note = _joined(said, note.removeprefix("+").strip(), when), ""
    said = _with_notice(forum, said)
    return f"{said}, {note}" if note else said


def _joined(said: str, more: str, when: str) -> str:
    """«3 møder om året og 1 ad hoc»; after a time of the year «… i marts, og 1 ad hoc»."""
    shape = _("%(cadence)s, and %(more)s") if when else _("%(cadence)s and %(more)s")
    return shape % {"cadence": said, "more": more}


def _with_notice(forum: Forum, said: str) -> str:
    days = forum.cadence_notice_days
    if not days:
        return said
    notice = ngettext("at %(n)s day's notice", "at %(n)s days' notice", days) % {"n": days}
    return _("%(cadence)s, %(when)s") % {"cadence": said, "when": notice}


def _rhythm(forum: Forum) -> str:
    n = forum.cadence_number
    match forum.cadence_unit:
        case Unit.WEEKS:
            return ngettext("every week", "every %(n)s weeks", n) % {"n": n}
        case Unit.MONTHS:
            return ngettext("every month", "every %(n)s months", n) % {"n": n}
        case Unit.BEFORE:
            return _("before each meeting of %(forum)s") % {"forum": forum.cadence_of}
        case Unit.AFTER:
            return _("after each meeting of %(forum)s") % {"forum": forum.cadence_of}
        case Unit.AT_MEETING if not n:
            return _("the next date is set at each meeting")
    if _is_some_years(forum):
        return ngettext("%(n)s meeting", "%(n)s meetings", n) % {"n": n}
    return ngettext("%(n)s meeting a year", "%(n)s meetings a year", n) % {"n": n}


def _qualified(forum: Forum, rhythm: str) -> str:
    if forum.cadence_unit in (Unit.BEFORE, Unit.AFTER) or (forum.cadence_unit == Unit.AT_MEETING and not forum.cadence_number):
        return rhythm
    match forum.cadence_qualifier:
        case Qualifier.MIN:
            return _("at least %(cadence)s") % {"cadence": rhythm}
        case Qualifier.CA:
            return _("about %(cadence)s") % {"cadence": rhythm}
    return rhythm


def _is_some_years(forum: Forum) -> bool:
    """True for so many meetings in every second year: «om året» would be wrong."""
    return bool(forum.cadence_unit == Unit.PER_YEAR and forum.cadence_year_parity)


def _when(forum: Forum) -> str:
    """The part of the year: «i februar i ulige år», «i uge 2–10»; empty when any time will do."""
    if forum.cadence_unit == Unit.AT_MEETING:
        return _("the next date is set at each meeting") if forum.cadence_number else ""
    parts = [_months(forum), _weeks(forum), _years(forum)]
    return " ".join(part for part in parts if part)


def _months(forum: Forum) -> str:
    names = [str(MONTHS[number]) for number in sorted(set(forum.cadence_months)) if number in MONTHS]
    if not names:
        return ""
    said = names[0] if len(names) == 1 else _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
    return _("in %(months)s") % {"months": said}


def _weeks(forum: Forum) -> str:
    first, last = forum.cadence_week_from, forum.cadence_week_to
    if not first or not last:
        return ""
    return _("in week %(week)s") % {"week": first if first == last else f"{first}–{last}"}


def _years(forum: Forum) -> str:
    match forum.cadence_year_parity:
        case Parity.ODD:
            return _("in odd years")
        case Parity.EVEN:
            return _("in even years")
    return ""
