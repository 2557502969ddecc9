"""What comes out the same each time is made once: parts of every page, addresses, days. Built into every template (settings).

Everything is remembered for each language apart, in the memory of one process. A third of a page's time went into
making the same texts again (script/bench).
"""

from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import Form
from django.template import defaultfilters, defaulttags
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def remembered(part: str, **values: Any) -> SafeString:
    """The template `part` with these values: the menu, the words of the script.

    In: texts, or tuples of them; never a row, and nothing about a person. What else the part reads is not there: no
    request, no tenant, no token.
    """
    return _rendered(part, tuple(values.items()), get_language())


@lru_cache(1000)
def _rendered(part: str, values: tuple[tuple[str, Any], ...], _language: str | None) -> SafeString:
    return render_to_string(part, dict(values))


@register.simple_tag
def blank_fields(form: Form) -> SafeString:
    """The fields of a form; one that nobody has filled in is remembered by its class and start values.

    Only for forms whose choices are the same for every reader.
    """
    if form.is_bound:
        return render_to_string("components/fields.html", {"form": form})
    return _blank(type(form), tuple(form.initial.items()), get_language())


@lru_cache(200)
def _blank(kind: type[Form], initial: tuple[tuple[str, Any], ...], _language: str | None) -> SafeString:
    return render_to_string("components/fields.html", {"form": kind(initial=dict(initial))})


class AddressNode(defaulttags.URLNode):
    """Django's {% url %}, with positional arguments only."""

    def render(self, context: Context) -> str:
        """The escaped address; with `as`, nothing, and an empty text in the variable where there is no such address."""
        args = tuple(arg.resolve(context) for arg in self.args)
        try:
            found = _address(self.view_name.resolve(context), args, get_urlconf() or settings.ROOT_URLCONF)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar is None:
            return conditional_escape(found)
        context[self.asvar] = found
        return ""


@lru_cache(5000)
def _address(route: str, args: tuple[Any, ...], urlconf: str) -> str:
    return reverse(route, urlconf=urlconf, args=args)


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """{% url 'name' arg … [as variable] %}, as Django's own."""
    found = defaulttags.url(parser, token)
    if found.kwargs:
        raise template.TemplateSyntaxError("Our addresses take their arguments by place.")
    return AddressNode(found.view_name, found.args, found.kwargs, found.asvar)


@register.filter("date", expects_localtime=True)
def date_text(value: Any, shape: str | None = None) -> str:
    """Django's |date."""
    return _date_text(value, shape, get_language()) if isinstance(value, date) else str(defaultfilters.date(value, shape))


@lru_cache(2000)
def _date_text(value: date, shape: str | None, _language: str | None) -> str:
    return str(defaultfilters.date(value, shape))
