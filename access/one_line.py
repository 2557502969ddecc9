"""Texts of one line: a name or a place stands in mails, where a line of its own would read as if the product said it."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def refuse_breaks(text: str) -> None:
    """A validator: raises ValidationError for a line break or another control character."""
    if _BREAKS.search(text):
        raise ValidationError(_("Write it on one line, without signs that cannot be seen."), code="breaks")


def one_line(value: Any) -> Any:
    """A text on one line; a list or a dict with every text inside on one line; anything else as it is."""
    match value:
        case str():
            return _BREAKS.sub(" ", value).strip()
        case list() | tuple():
            return [one_line(part) for part in value]
        case dict():
            return {name: one_line(part) for name, part in value.items()}
    return value
