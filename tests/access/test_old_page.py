"""A form that was opened before a new login, or is sent after the login ended, is refused, and nothing of it is lost: what was written can be sent again by a click."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.middleware.csrf import _mask_cipher_secret
from django.test import Client
from django.utils import timezone

from access.form_mark import mark_of
from cases.models import Case
from municipalities.models import Forum
from tests.conftest import make_client

OWN, NEW_CASE = {"Sec-Fetch-Site": "same-origin"}, "/thisted/sager/ny/"
SCHOOL, SAID = "Skolen på bakken", 'Han sagde: "Jeg vil <gerne>", og det blev skrevet ned.'


@pytest.fixture
def secret(cast):
    """What stands behind the tokens of an earlier login of the konsulent."""
    return mark_of(cast.konsulent) + "x" * 24


@pytest.fixture
def old(secret):
    """The token of a page from that login."""
    return {"csrfmiddlewaretoken": _mask_cipher_secret(secret)}


@pytest.fixture
def left(secret, db):
    """The browser in which that login has ended by itself."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = secret
    return client


@pytest.fixture
def typed(cast, as_actor, old):
    """A new case as its form sends it."""
    with as_actor(cast.konsulent) as actor:
        forum = Forum.objects.get(pk=min(actor.forums_with("write_cases")))
    return {
        "forum": forum.public_id, "name": "Opfundet Ung", "birth_date": "2011-06-12", "school": SCHOOL, "reason": SAID, "necessity": "Derfor.",
        "legal_basis": "RPL115_1", "concern_level": "1", "delete_on": timezone.localdate().isoformat(), **old,
    }  # fmt: skip


@pytest.fixture
def anew(cast):
    """Somebody who has logged in since; Django asks for the token."""
    return make_client(cast.konsulent, enforce_csrf_checks=True)


def hidden(page):
    """What the form of the page sends."""
    return {unescape(name): unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)}


def test_a_form_from_before_a_new_login_is_refused_with_what_to_do(db):
    answer = Client(enforce_csrf_checks=True).post("/konto/login/", {"csrfmiddlewaretoken": "x" * 64, "login": "en@thisted.example", "password": "Hemmeligt-ord"}, headers=OWN)
    text = answer.content.decode()
    assert answer.status_code == 403 and "Siden var for gammel til at blive gemt" in text and "CSRF" not in text
    assert "Hemmeligt-ord" not in text and "en@thisted.example" not in text


def test_what_was_written_is_sent_again_by_a_click(anew, typed, cast, as_actor, old):
    with as_actor(cast.konsulent):
        before = Case.objects.count()
    answer = anew.post(NEW_CASE, typed, headers=OWN)
    page = answer.content.decode()
    assert answer.status_code == 403 and "Send igen" in page and "Ditte Havmark" in page and answer.headers["Cache-Control"] == "no-store"
    with as_actor(cast.konsulent):
        assert Case.objects.count() == before
    again = hidden(page)
    assert {**again, **old} == typed and again != typed
    assert anew.post(NEW_CASE, again, headers=OWN).status_code == 302
    with as_actor(cast.konsulent):
        assert Case.objects.count() == before + 1


def test_a_cpr_number_is_asked_for_again(anew, typed):
    page = anew.post(NEW_CASE, {**typed, "cpr": "320611-7777"}, headers=OWN).content.decode()
    assert "7777" not in page and SCHOOL in page and "Skriv det igen" in page and 'name="cpr"' in page


@pytest.mark.parametrize(
    ("more", "headers"),
    [
        ({"reason": "Nummeret er 120611-7777."}, OWN), ({"file": SimpleUploadedFile("brev.txt", b"x")}, OWN), ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {"Sec-Fetch-Site": "same-site"}), ({}, {}), ({}, {"Origin": "https://andre.example"}), ({}, {**OWN, "X-Autosave": "1"}),
    ],
)  # fmt: skip
def test_what_may_not_come_back_is_left_where_it_was_written(anew, typed, more, headers):
    answer = anew.post(NEW_CASE, {**typed, **more}, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 403 and "Gå tilbage i browseren" in page
    assert SCHOOL not in page and "7777" not in page and "<form" not in page.split("<main")[1].split("</main>")[0]


def test_who_is_nobody_there_gets_nothing_back(cast, typed):
    answer = make_client(cast.users["borgmester-morsoe"], enforce_csrf_checks=True).post(NEW_CASE, typed, headers=OWN)
    assert answer.status_code in (403, 404) and SCHOOL not in answer.content.decode()


def test_what_is_sent_after_the_login_ended_comes_back_to_be_sent_again(anew, left, typed, cast, as_actor, old):
    """Where no script keeps the text: the way to the login would have lost it."""
    with as_actor(cast.konsulent):
        before = Case.objects.count()
    answer = left.post(NEW_CASE, typed, headers=OWN)
    page = answer.content.decode()
    assert answer.status_code == 401 and "Log ind i en ny fane" in page and answer.headers["Cache-Control"] == "no-store"
    again = hidden(page)
    assert {**again, **old} == typed
    named = anew.post(NEW_CASE, again, headers=OWN).content.decode()  # the new login has another token
    assert "gemt under dit navn, Ditte Havmark" in named
    assert anew.post(NEW_CASE, hidden(named), headers=OWN).status_code == 302
    with as_actor(cast.konsulent):
        assert Case.objects.count() == before + 1


def test_after_the_login_ended_too_a_number_or_a_file_does_not_come_back(left, typed):
    for more in ({"reason": "Nummeret er 120611-7777."}, {"file": SimpleUploadedFile("brev.txt", b"x")}):
        answer = left.post(NEW_CASE, {**typed, **more}, headers=OWN)
        assert answer.status_code == 401 and "gå så tilbage i browseren" in answer.content.decode()
        assert SCHOOL not in answer.content.decode() and "7777" not in answer.content.decode()
    page = left.post(NEW_CASE, {**typed, "cpr": "320611-7777"}, headers=OWN).content.decode()
    assert "7777" not in page and SCHOOL in page and 'name="cpr"' in page


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}, {"Origin": "https://andre.example"}, {**OWN, "X-Autosave": "1"}])
def test_what_no_page_of_ours_has_sent_is_led_to_the_login_with_nothing(left, typed, headers):
    answer = left.post(NEW_CASE, typed, headers=headers)
    assert answer.status_code == 302 and answer.url.startswith("/konto/login/") and SCHOOL not in answer.content.decode()
