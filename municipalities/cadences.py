"""How often a forum has agreed to meet, as a phrase: «min. 3 møder om året», «hver 3. uge og ad hoc»."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipalities.models import Forum

Unit, Qualifier = Forum.CadenceUnit, Forum.CadenceQualifier


def cadence_sentence(forum: Forum) -> str:
    """The forum's cadence in the active language. A note that starts with «+» is joined to it, another stands after a comma."""
    note = forum.cadence_note.strip()
    if forum.cadence_unit == Unit.NONE:
        return note or _("when needed")
    agreed = _qualified(forum, _rhythm(forum))
    if forum.cadence_extra:
        ad_hoc = ngettext("%(n)s extra", "%(n)s extra", forum.cadence_extra) % {"n": forum.cadence_extra}
        agreed = _("%(cadence)s and %(more)s") % {"cadence": agreed, "more": ad_hoc}
    if note.startswith("+"):
        return _("%(cadence)s and %(more)s") % {"cadence": agreed, "more": note.removeprefix("+").strip()}
    return f"{agreed}, {note}" if note else agreed


def _rhythm(forum: Forum) -> str:
    n = forum.cadence_number
    match forum.cadence_unit:
        case Unit.WEEKS:
            return ngettext("every week", "every %(n)s weeks", n) % {"n": n}
        case Unit.MONTHS:
            return ngettext("every month", "every %(n)s months", n) % {"n": n}
    return ngettext("%(n)s meeting a year", "%(n)s meetings a year", n) % {"n": n}


def _qualified(forum: Forum, rhythm: str) -> str:
    match forum.cadence_qualifier:
        case Qualifier.MIN:
            return _("at least %(cadence)s") % {"cadence": rhythm}
        case Qualifier.CA:
            return _("about %(cadence)s") % {"cadence": rhythm}
    return rhythm
