"""What pages are drawn with: icons, the marks of the authorities, measures, and how dates and numbers read.

Everything follows the active language. A tag prints markup and takes plain values or objects with the named
attributes (or keys); a filter takes a value and gives a string. None of them queries the database.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy

from access.dates import clock, clocks, daterange, day, longday, overdue
from access.line_breaks import dk
from access.templatetags.icons import ICONS

register = template.Library()
register.filter("dk", stringfilter(dk), is_safe=True)
for said in (day, clock, clocks, overdue, longday, daterange):
    register.filter(said)

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


@register.filter
def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """«1.140» and «18,3» in Danish, «1,140» and «18.3» in English. Empty for None."""
    if value is None:
        return ""
    return number_format(value, decimals, use_l10n=True, force_grouping=True)
