"""What pages are drawn with: icons, the marks of the authorities, measures, and how dates and numbers read.

Everything follows the active language. A tag prints markup and takes plain values or objects with the named
attributes (or keys); a filter takes a value and gives a string. None of them queries the database.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.formats import date_format, number_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext

from access.templatetags.icons import ICONS

register = template.Library()

MARKS = {
    "skole": ("Sk", gettext_lazy("School")),
    "social": ("So", gettext_lazy("Social services")),
    "politi": ("Po", gettext_lazy("Police")),
    "andre": ("Øv", gettext_lazy("Others")),
}
LEVELS = (
    gettext_lazy("Building up"),
    gettext_lazy("Preventive"),
    gettext_lazy("Crime preventive"),
)
TRIANGLE = ("M3.3 14.5h17.4L24 20H0z", "M7.5 7.5h9l3.3 5.5H4.2z", "M12 0l3.6 6H8.4z")
MOST_DOTS = 20
MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|jan|feb|mar|apr|jun|jul|aug|sept|okt|nov|dec"
NBSP, JOINER = "\u00a0", "\u2060"
KEPT_TOGETHER = (  # (what the text must hold for the pattern to be tried: most texts hold none, and each pattern is a search; what; kept how)
    ("§ ", re.compile(r"§ (?=\d)"), f"§{NBSP}"),
    (f"§{NBSP}", re.compile(r"(§\u00a0\d+)-(?=[a-zæøå])"), rf"\1{JOINER}-{JOINER}"),
    (" %", re.compile(r"(\d) %"), rf"\1{NBSP}%"),
    ("kl. ", re.compile(r"\bkl\. (?=\d)"), f"kl.{NBSP}"),
    (". ", re.compile(rf"(\d\.) (?=(?:{MONTHS})\b)"), rf"\1{NBSP}"),
)


def _get(thing: Any, name: str) -> Any:
    """An attribute, or a key of a mapping; empty text when it is not there."""
    return thing.get(name, "") if isinstance(thing, Mapping) else getattr(thing, name, "")


def _on(chosen: bool) -> SafeString:
    return mark_safe(' class="on"') if chosen else mark_safe("")


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A decorative inline SVG. An unknown name raises KeyError, so that a test of the page finds it."""
    drawing = mark_safe(ICONS[name])  # noqa: S308 our own constant
    return format_html('<svg class="i" viewBox="0 0 20 20" aria-hidden="true">{}</svg>', drawing)


@register.simple_tag
def org(mark: str) -> SafeString:
    """The mark of an authority: letters and colour, with its name for screen readers."""
    return _org(mark if mark in MARKS else "andre", get_language())


@cache
def _org(key: str, _language: str | None) -> SafeString:
    letters, name = MARKS[key]
    return format_html(
        '<span class="org {}" title="{}"><span aria-hidden="true">{}</span><span class="vh">{}</span></span>',
        key, name, letters, name,
    )  # fmt: skip


@register.filter
def tint(mark: str) -> str:
    """The ground of an authority's mark on paper, where no stylesheet of the pages is read."""
    return {"skole": "#f8e9bd", "social": "#fae2ed", "politi": "#dee8fa"}.get(mark, "#e1e7e8")


@register.filter
def letters(mark: str) -> str:
    """The letters of an authority's mark, for a drawing."""
    return MARKS.get(mark, MARKS["andre"])[0]


@register.simple_tag
def avatar(person: Any) -> SafeString:
    """The initials of `person` (.initials, .mark) in a round mark; hidden from screen readers, the name is text."""
    return _avatar(_get(person, "mark") or "andre", _get(person, "initials"))


@lru_cache(500)
def _avatar(mark: str, letters: str) -> SafeString:
    return format_html('<span class="av {}" aria-hidden="true">{}</span>', mark, letters)


@register.simple_tag
def who(person: Any, title: str = "") -> SafeString:
    """A person's mark and name; with `title` a second line (role and organisation). Nothing for None."""
    if not person:
        return SafeString("")
    second = format_html('<br><span class="xs mute">{}</span>', title) if title else ""
    return format_html('<span class="who">{}<span>{}{}</span></span>', avatar(person), _get(person, "name"), second)


@register.simple_tag
def lvl(level: int, name: str = "") -> SafeString:
    """The prevention triangle with band `level` (1 lowest to 3) filled; `name` when the kommune has its own word."""
    return _lvl(level, gettext("Level: %(name)s") % {"name": name or LEVELS[level - 1]})


@lru_cache(500)
def _lvl(level: int, label: str) -> SafeString:
    bands = format_html_join("", '<path{} d="{}"/>', ((_on(n == level), d) for n, d in enumerate(TRIANGLE, start=1)))
    return format_html('<svg class="lvl" viewBox="0 0 24 20" role="img" aria-label="{}">{}</svg>', label, bands)


@register.simple_tag
def trin(step: int, of: int) -> SafeString:
    """Trin `step` of the kommune's scale of `of`, as rising bars."""
    return _bars(gettext("Step %(step)s of %(of)s") % {"step": step, "of": of}, step, of)


@register.simple_tag
def concern(level: int) -> SafeString:
    """The concern level of a case, as rising bars: four levels in every kommune, apart from the trin of its own scale."""
    return _bars(gettext("Concern level %(step)s of %(of)s") % {"step": level, "of": 4}, level, 4)


@cache
def _bars(label: str, step: int, of: int) -> SafeString:
    rise = 15 / max(of - 1, 1)
    drawn = "".join(f'<rect{_on(n < step)} x="{n * 8}" y="{15 - n * rise:g}" width="6" height="{5 + n * rise:g}" rx="1"/>' for n in range(of))
    bars = mark_safe(drawn)  # noqa: S308 numbers only, and many on a page
    return format_html('<svg class="trin" viewBox="0 0 {} 20" role="img" aria-label="{}">{}</svg>', of * 8 - 2, label, bars)


@register.simple_tag
def dots(done: int, total: int, label: str) -> SafeString:
    """`done` of `total` as dots, the next one marked; more done than agreed draws them all. `label` says it in words.

    None of more than can be counted at a glance and stand on a phone: a forum that meets every week has only the words.
    """
    count = max(done, total, 1)
    if count > MOST_DOTS:
        return mark_safe("")
    kinds = (("on" if n < done else "next" if n == done else "plan", n * 16 + 7) for n in range(count))
    circles = format_html_join("", '<circle class="{}" cx="{}" cy="7" r="5"/>', kinds)
    return format_html('<svg class="dots" viewBox="0 0 {} 14" role="img" aria-label="{}">{}</svg>', count * 16, label, circles)


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    """The <option> of each (value, label), with the chosen one selected."""
    return _options(tuple((value, str(label)) for value, label in choices), chosen)


@lru_cache(500)
def _options(choices: tuple[tuple[Any, str], ...], chosen: Any) -> SafeString:
    return format_html_join("", '<option value="{}"{}>{}</option>', ((value, mark_safe(" selected") if value == chosen else "", label) for value, label in choices))


@register.simple_tag(takes_context=True)
def tick(context: template.Context, agreement: Any, label: str = "", url: str = "") -> SafeString:
    """The round button that marks an agreement as done, or open again.

    In: `agreement` (.public_id, .is_done, and .what unless `label` is given); `url` when it is not the page's own
    tick_url. Works without JavaScript through the page's form `udfoert`; htmx swaps the surrounding <li>.
    """
    done, key = bool(_get(agreement, "is_done")), _get(agreement, "public_id")
    words = gettext("Mark as done: %(what)s") % {"what": label or _get(agreement, "what")}
    said = gettext("The agreement is open again.") if done else gettext("The agreement is marked as done. Choose again to undo.")
    address = url or context.get("tick_url", "")
    target = format_html(' formaction="{}" hx-post="{}"', address, address) if address else ""
    return format_html(
        '<button class="tick" id="tick-{}" type="submit" form="udfoert" name="aftale" value="{}" aria-pressed="{}" '
        'aria-label="{}" data-said="{}"{} hx-target="closest li" hx-swap="outerHTML">{}</button>',
        key, key, "true" if done else "false", words, said, target, icon("check"),
    )  # fmt: skip


@register.filter
def inline_svg(document: str) -> SafeString:
    """An SVG document that we made ourselves (allauth's QR code), without its XML prolog: markup to put in the page."""
    return mark_safe(document[document.index("<svg") :])  # noqa: S308 made by our own process


@register.filter(is_safe=True)
@stringfilter
def dk(text: str) -> str:
    """Keep together what must not break over two lines: «§ 115», «kl. 9», «12. nov.», «21 %»."""
    for mark, pattern, kept in KEPT_TOGETHER:
        if mark in text:
            text = pattern.sub(kept, text)
    return text


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


@register.filter
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


@register.filter
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


@register.filter
def clocks(begins: datetime, ends: datetime) -> str:
    """A stretch of time: «9–14» in Danish when both are whole hours, else «9.30–14.00»."""
    both = [timezone.localtime(at).time() for at in (begins, ends)]
    is_whole = not any(at.minute for at in both)
    return "–".join(time_format(at, pgettext("whole hours", "G:i")) if is_whole else _clock(at, get_language()) for at in both)  # a dash between numbers


@register.filter
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


@register.filter
def longday(value: date) -> str:
    """«onsdag 20. januar»; the year only when it is not this one."""
    local = _local_date(value)
    return f"{date_format(local, 'l')} {_long(local, {local.year})}"


@register.filter
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


@register.filter
def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """«1.140» and «18,3» in Danish, «1,140» and «18.3» in English. Empty for None."""
    if value is None:
        return ""
    return number_format(value, decimals, use_l10n=True, force_grouping=True)
