"""How days and hours are said, in the active language and in Danish time: on pages, in mails and in files. Nothing here asks the database."""

from datetime import date, datetime, time
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

from access.line_breaks import dk


def _local_date(value: date) -> date:
    """The calendar day here; a datetime is first turned into local time."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _short(local: date, *, weekday: bool) -> str:
    """«fre 13. nov.» or «13. nov.»; the year only when it is not this one."""
    year = "" if local.year == timezone.localdate().year else f" {local.year}"
    return _day_and_month(local, weekday, get_language()) + year


@lru_cache(2000)
def _day_and_month(local: date, weekday: bool, _language: str | None) -> str:
    return str(dk(date_format(local, gettext("D j M") if weekday else gettext("j M"))))


def day(value: date | None) -> str:
    """«i dag», «i morgen», «fre 13. nov.». Empty for None."""
    if not value:
        return ""
    local = _local_date(value)
    match (local - timezone.localdate()).days:
        case 0:
            return gettext("today")
        case 1:
            return gettext("tomorrow")
    return _short(local, weekday=True)


def clock(value: datetime | time | None) -> str:
    """«9.30» in Danish, «9:30» in English. Empty for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = (timezone.localtime(value) if timezone.is_aware(value) else value).time()
    return _clock(value, get_language())


@lru_cache(2000)
def _clock(value: time, _language: str | None) -> str:
    return time_format(value, gettext("G:i"))


def clocks(begins: datetime, ends: datetime) -> str:
    """A stretch of time: «9–14» in Danish when both are whole hours, else «9.30–14.00»."""
    both = [timezone.localtime(at).time() for at in (begins, ends)]
    is_whole = not any(at.minute for at in both)
    return "–".join(time_format(at, pgettext("whole hours", "G:i")) if is_whole else _clock(at, get_language()) for at in both)  # a dash between numbers


def overdue(value: date | None) -> str:
    """«2. nov. · 8 dage over» for a day that has passed; otherwise the same as `day`."""
    if not value:
        return ""
    local = _local_date(value)
    late = (timezone.localdate() - local).days
    if late <= 0:
        return day(local)
    words = ngettext("%(days)s day over", "%(days)s days over", late) % {"days": late}
    return f"{_short(local, weekday=False)} · {words}"


def longday(value: date) -> str:
    """«onsdag 20. januar»; the year only when it is not this one."""
    local = _local_date(value)
    return f"{date_format(local, 'l')} {_long(local, {local.year})}"


def daterange(start: date, end: date) -> str:
    """«3.–9. november», «28. september – 4. oktober»; years only when one of them is not this one."""
    first, last = _local_date(start), _local_date(end)
    if first == last:
        return _long(last, {last.year})
    years = {first.year, last.year}
    if (first.year, first.month) == (last.year, last.month):
        return f"{date_format(first, gettext('j'))}–{_long(last, years)}"
    return f"{_long(first, years if len(years) > 1 else set())} – {_long(last, years)}"


def _long(local: date, years: set[int]) -> str:
    """Day and month in words, with the year when `years` holds another one than this."""
    year = f" {local.year}" if years - {timezone.localdate().year} else ""
    return _day_in_words(local, get_language()) + year


@lru_cache(2000)
def _day_in_words(local: date, _language: str | None) -> str:
    return str(dk(date_format(local, gettext("j F"))))
