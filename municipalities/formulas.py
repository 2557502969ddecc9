"""Names that a spreadsheet would take for a formula: refused in a form and in a file alike, for a list of people names them again."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SIGNS = ("=", "+", "-", "@", "\t")


def starts_as_formula(text: str) -> bool:
    """True when a spreadsheet program would reckon the text."""
    return text.startswith(SIGNS)


def refuse_formula(text: str) -> None:
    """A validator: raises ValidationError for a name that begins as a formula does."""
    if starts_as_formula(text):
        raise ValidationError(_("The name begins with %(sign)s, as a formula does. Write the name itself.") % {"sign": text[0]}, code="formula")
