"""How the parts of a form become HTML: the plain ones by a function, everything else by Django's templates.

Django renders each <input> and each <option> through templates of its own: a tenth of a page with a few forms
(script/bench). What comes out is the same, space for space.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

type Widget = Mapping[str, Any]


def _attrs(widget: Widget) -> str:
    given = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{_text(value)}"' for name, value in given)


def _text(value: object) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{_text(widget["name"])}"{value}{_attrs(widget)}>'


def _inputs(widget: Widget) -> str:
    return "".join(_input(one) for one in widget["subwidgets"])


def _option(widget: Widget) -> str:
    if not widget.get("wrap_label"):
        return _input(widget)
    its = f' for="{_text(widget["attrs"]["id"])}"' if widget["attrs"].get("id") else ""
    return f"<label{its}>{_input(widget)} {_text(widget['label'])}</label>"


def _textarea(widget: Widget) -> str:
    return f'<textarea name="{_text(widget["name"])}"{_attrs(widget)}>\n{_text(widget["value"] or "")}</textarea>'


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _place in widget["optgroups"])
    return f'<select name="{_text(widget["name"])}"{_attrs(widget)}>{groups}\n</select>'


def _group(name: object, options: list[Widget]) -> str:
    listed = "".join(f'\n  <option value="{_text(option["value"])}"{_attrs(option)}>{_text(option["label"])}</option>\n' for option in options)
    return f'\n  <optgroup label="{_text(name)}">{listed}\n  </optgroup>' if name else listed


INPUTS = ("text", "hidden", "number", "email", "password", "date", "checkbox")
PLAIN: dict[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in INPUTS},
    "django/forms/widgets/multiple_hidden.html": _inputs,
    "django/forms/widgets/radio_option.html": _option,
    "django/forms/widgets/checkbox_option.html": _option,
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}


class FormRenderer(DjangoTemplates):
    """For settings.FORM_RENDERER."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """The HTML of one widget, field or form."""
        plain = PLAIN.get(template_name)
        made = plain(context["widget"]) if plain else super().render(template_name, context, request)
        return mark_safe(made)  # noqa: S308  # escaped above
