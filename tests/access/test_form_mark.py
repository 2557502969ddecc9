"""A browser at a shared screen keeps what was sent from it: nobody else gets it back, and it is saved in nobody else's name."""

import re

import pytest
from django.urls import reverse

from access.form_mark import MARK, mark_of
from meetings.models import ItemProposal
from municipalities.models import Forum
from tests.access.test_old_page import OWN, hidden
from tests.conftest import make_client

SAID = "Skrevet ved en fælles skærm"


class Screen:
    """One browser: it keeps its cookies, and sends the token of the page that it has open."""

    def __init__(self):
        self.client = make_client(enforce_csrf_checks=True)

    def log_in(self, user):
        self.send("demo_login", self.token("account_login"), user=str(user.pk))

    def log_out(self):
        self.send("account_logout", self.token("account_logout"))

    def end_login(self):
        del self.client.cookies["sessionid"]

    def send(self, name, token, **data):
        answer = self.client.post(reverse(name), {"csrfmiddlewaretoken": token, **data})
        assert answer.status_code == 302, answer.status_code

    def token(self, name):
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.client.get(reverse(name)).content.decode())[1]

    @property
    def cookie(self):
        return self.client.cookies["csrftoken"].value


@pytest.fixture
def screen():
    return Screen()


@pytest.fixture
def path(cast, as_actor):
    """Where both the konsulent and the FNT-betjent propose items."""
    with as_actor(cast.konsulent):
        return f"/thisted/fora/{Forum.objects.get(tenant__slug='thisted', key='styregruppe').public_id}/forslag/"


@pytest.fixture
def form(screen, path, cast):
    """What the konsulent has written, as her page sends it."""
    screen.log_in(cast.konsulent)
    token = hidden(screen.client.get(path).content.decode().split("<main", 1)[1])["csrfmiddlewaretoken"]
    return {"csrfmiddlewaretoken": token, "title": SAID, "text": "", "kind": "DROEFTELSE", "place": "park"}


@pytest.fixture
def send(screen, path):
    """Send a form from the browser, as «Send», «back» and «reload» do."""
    return lambda data: screen.client.post(path, data, headers=OWN)


@pytest.fixture
def proposers(cast, as_actor):
    """Who has proposed it."""

    def found():
        with as_actor(cast.konsulent):
            return {row.proposed_by_id for row in ItemProposal.objects.filter(title=SAID)}

    return found


def test_a_login_marks_its_pages_and_every_new_one_of_the_same_person_so_too(screen, cast, path):
    made = []
    for user in (cast.konsulent, cast.fnt, cast.konsulent):
        screen.log_in(user)
        assert screen.cookie[:MARK] == mark_of(user)
        assert f'data-whose="{mark_of(user)}"' in screen.client.get(path).content.decode()
        made.append(screen.cookie)
        screen.end_login()
    assert len(set(made)) == 3 and len({secret[:MARK] for secret in made}) == 2


@pytest.mark.parametrize("as_script_sends_it", [False, True])
def test_when_the_login_has_ended_the_writer_gets_it_back_and_saves_it_by_the_next_login(screen, cast, form, send, proposers, as_script_sends_it):
    if as_script_sends_it:
        form["csrfmiddlewaretoken"] = screen.cookie
    screen.end_login()
    kept = send(form)
    assert kept.status_code == 401 and SAID in kept.content.decode() and 'data-whose="-"' in kept.content.decode()
    screen.log_in(cast.konsulent)
    asked = send(hidden(kept.content.decode()))
    assert asked.status_code == 403 and cast.konsulent.name in asked.content.decode() and 'data-whose="-"' in asked.content.decode()
    assert send(hidden(asked.content.decode())).status_code == 302 and proposers() == {cast.konsulent.pk}


def test_somebody_else_who_logs_in_gets_nothing_of_it_and_saves_nothing(screen, cast, form, send, proposers):
    screen.end_login()
    kept = hidden(send(form).content.decode())
    screen.log_in(cast.fnt)
    for again in (form, kept):
        answer = send(again)
        assert answer.status_code == 403 and SAID not in answer.content.decode()
    assert proposers() == set()


@pytest.mark.parametrize("then", [lambda screen, cast: None, lambda screen, cast: (screen.log_in(cast.fnt), screen.log_out())])
def test_after_logging_out_back_and_reload_show_nothing(screen, cast, form, send, then):
    screen.log_out()
    then(screen, cast)
    answer = send(form)
    assert answer.status_code == 401 and SAID not in answer.content.decode() and "Log ind i en ny fane" in answer.content.decode()


def test_the_writer_gets_it_back_after_logging_out_and_in(screen, cast, form, send, proposers):
    screen.log_out()
    screen.log_in(cast.konsulent)
    again = hidden(send(form).content.decode())
    assert send(again).status_code == 302 and proposers() == {cast.konsulent.pk}


@pytest.mark.parametrize("token", ["", "x", "ø" * 64, "x" * 64, "x" * 32])
def test_a_token_that_is_none_is_nobodys(screen, cast, form, send, token):
    assert SAID not in send({**form, "csrfmiddlewaretoken": token}).content.decode()
    screen.end_login()
    assert SAID not in send({**form, "csrfmiddlewaretoken": token}).content.decode()
