"""Every mail that the product sends, as it is read: Danish, polite, one thing to do, and nothing loose."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from access.models import User
from access.notify import tidy

MAILS = Path(__file__).parent.parent.parent / "templates/mail"
NAMES = sorted(path.name for path in MAILS.glob("[!_]*.txt"))
SAID = {
    "recipient": User(first_name="Anders", last_name="Strandhede", email="anders@thisted.example"), "subject": "Emnet", "url": "https://ssp.example/thisted/",
    "base_url": "https://ssp.example", "when": "onsdag 2. december kl. 9–11", "place": "Rådhuset", "opens": "tirsdag 1. december kl. 9.00",
    "closes": "onsdag 2. december kl. 15.00", "soon": 2, "overdue": 1, "open": 3, "waiting": 1, "inviter": "Ditte Havmark", "tenant": "Thisted Kommune",
    "expires": "fredag 4. december", "is_renewed": True, "meetings": [{"forum": "SSP Grundskole", "when": "onsdag", "path": "/thisted/moeder/x/"}],
    "news": [{"subject": "Nyt", "path": "/thisted/"}], "also": [], "choices_url": "https://ssp.example/thisted/mails/valg/",
}  # fmt: skip
ENGLISH = re.compile(r"\b(the|you|your|meeting|mail is|log in|what|and|has been|dear)\b", re.IGNORECASE)


def read(name):
    with translation.override("da"):
        return tidy(render_to_string(f"mail/{name}", SAID) + render_to_string("mail/_end.txt", SAID))


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_is_danish_and_laid_out_like_a_letter(name):
    text = read(name)
    assert text.startswith("Kære Anders") and text.endswith("/valg/\n")
    assert ENGLISH.findall(re.sub(r"https?://\S+", "", text)) == []
    assert "\n\n\n" not in text and "  \n" not in text and "{{" not in text and "&" not in text


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"guest_released.txt"}))
def test_a_link_stands_alone_on_its_line_under_a_sentence_that_says_what_it_opens(name):
    lines = read(name).splitlines()
    at = [number for number, line in enumerate(lines) if line == SAID["url"]]
    assert len(at) == 1 and lines[at[0] - 1].endswith(":")


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("meeting_", "deputy_", "guest_"))])
def test_a_mail_about_a_meeting_says_when_and_where_it_is(name):
    text = read(name)
    assert SAID["when"] in text and (SAID["place"] in text or name == "guest_released.txt")


@pytest.mark.parametrize("name", NAMES)
def test_every_mail_is_sent_by_something(name):
    root = MAILS.parent.parent
    sources = [path.read_text() for app in ("access", "municipalities", "meetings", "cases", "plans", "reports") for path in (root / app).glob("*.py")]
    assert any(f"mail/{name}" in source for source in sources)
