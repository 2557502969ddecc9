"""CPR numbers where none may stand: texts that are no person data, and so are stored, logged and mailed in clear."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NUMBER = "cpr"  # the field of a form that never comes back in a page (`cases.forms.BlankInput`)
# the day may be 60 more: a number given for want of one
LOOKS_LIKE_CPR = re.compile(r"(?<!\d)(?:[06][1-9]|[1278]\d|[39][01])(?:0[1-9]|1[0-2])\d{2}[ \u00a0]?[-–]?[ \u00a0]?\d{4}(?!\d)")


def refuse_cpr(text: str) -> None:
    """A validator: raises ValidationError when something in the text looks like a CPR number."""
    if LOOKS_LIKE_CPR.search(text):
        raise ValidationError(_("This looks like a CPR number. Take it out: no person data may stand here."), code="cpr")
