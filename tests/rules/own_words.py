"""The usual words of SSP work that a kommune may rename, and a word of its own for each of them."""

import re

from municipalities.terms import Form, Term

USUAL = re.compile(
    r"handleplan\w*|\bindsats(?!trapp)\w*|lokalråd\w*|styregruppe\w*|\bkoordinator\w*|ssp[- ]ko(?:nsulent|ordinator|ntaktperson)\w*"
    r"|gademedarbejder\w*|politileder\w*|politikontakt\w*|myndighedsrådgiver\w*",
    re.IGNORECASE,
)


def nonsense():
    """A word of its own for every name in every form."""
    words = [(term, form, f"{term.value}_{form.value}" if form.value else term.value) for term in Term for form in Form]
    return {key: f"Zyx{number}q" for number, (_term, _form, key) in enumerate(words)}
