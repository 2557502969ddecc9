"""Random ids for URLs: they tell nothing about how many rows there are, and guessing one is hopeless."""

import secrets
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Cast, Left, Replace

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
LENGTH = 14  # 31**14 is about 2**69


def new_public_id() -> str:
    """A new random id, safe in a URL."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class PublicIdConverter:
    """`<public_id:…>` in a URL: only what could be one of our ids reaches a view."""

    regex = f"[{ALPHABET}]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


class PublicIdField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """The id of a row in addresses. The database makes one too, for the rows that were there before the column was."""

    def __init__(self, **kwargs: Any) -> None:
        plain = Replace(Cast(RandomUUID(), models.CharField()), Value("-"), Value(""))
        made = Left(Func(plain, Value("01"), Value("gh"), function="translate", output_field=models.CharField()), LENGTH)  # no letter outside ALPHABET
        super().__init__(**{"max_length": 20, "unique": True, "default": new_public_id, "db_default": made, "editable": False, **kwargs})
