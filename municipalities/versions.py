"""Two administrators at once: a form carries the fingerprint of the row it was opened on, and a row that has changed since is not overwritten."""

import hashlib
from collections.abc import Collection
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from municipalities.errors import StaleError


def fingerprint(row: Model, but: Collection[str] = ()) -> str:
    """The row as it stands, in a few letters; `but`: columns that others may change meanwhile (its place among others)."""
    content = "\x1f".join(f"{field.attname}={getattr(row, field.attname)!r}" for field in row._meta.concrete_fields if field.attname not in but)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def refuse_stale(row: Any, seen: str | None, but: Collection[str] = ()) -> None:
    """Raise StaleError when the row is not what the form was opened on. `seen` None: nobody has looked."""
    if seen is not None and fingerprint(row, but) != seen:
        raise StaleError(_("Somebody else has changed this since you opened it, so nothing is saved. Look at what stands here now, and change it again."))
