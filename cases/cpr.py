"""CPR numbers: what is taken in, and how one is spotted where it should not stand.

Since 2007 the last four digits hold no checksum, so a number can only be checked for its form and its date.
"""

import re

from django.utils.translation import gettext as _
from stdnum.dk import cpr

LOOKS_LIKE_CPR = re.compile(r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[ –-]?\d{4}(?!\d)")


def compact(number: str) -> str:
    """The ten digits without hyphen and spaces. Raises ValueError with a sentence when there are not ten digits."""
    digits = cpr.compact(number)
    if not re.fullmatch(r"\d{10}", digits):
        raise ValueError(_("A CPR number has ten digits, for example 010203-1234."))
    return digits


def is_doubtful(number: str) -> bool:
    """True when the date in the number is no date, or lies ahead: worth a warning, never a refusal."""
    return not cpr.is_valid(number)


def is_in(*texts: str) -> bool:
    """True when one of the texts holds something that looks like a CPR number."""
    return any(LOOKS_LIKE_CPR.search(text) for text in texts)
