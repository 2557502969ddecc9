"""The label of a choice: what `get_status_display()` answers on our models."""

from functools import cache
from typing import Any

from django.db import models
from django.utils.encoding import force_str


def label_of(row: models.Model, field: "models.Field[Any, Any]") -> Any:
    """Stands in for `Model._get_FIELD_display`, with the same answer.

    Django hashes every label of the field to find one, and hashing a lazy text translates it: up to a tenth of
    a page's time (script/bench).
    """
    value = getattr(row, field.attname)
    return force_str(_labels(field).get(value, value), strings_only=True)


@cache
def _labels(field: "models.Field[Any, Any]") -> dict[Any, Any]:
    return dict(field.flatchoices)  # lazy labels: each reader's own language
