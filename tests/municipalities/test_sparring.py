"""The sparring door: every member sees it, asks to be called back without a word about a child, and follows his own requests only."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from access.models import OutboxMessage
from municipalities import sparring
from municipalities.models import CallRequest, SparringDoor
from tests.conftest import acting
from tests.rules.crawl import readable

pytestmark = pytest.mark.django_db
HERE = "/thisted/sparring/"
DOOR = {"title": "Døren", "phone": "99 17 00 00", "mail": "", "hours": "", "text": "", "steps": "", "holder": ""}


def requests_of(user, as_actor):
    with as_actor(user):
        return list(CallRequest.objects.all())


@pytest.mark.parametrize("role", ["elev", "kontakt-hede", "chef", "dpo", "it", "gade"])
def test_every_member_sees_the_door_and_has_it_in_the_menu(cast, visit, role):
    client = visit(cast.users[role])
    page = readable(client.get(HERE))
    assert "SSP-telefonen" in page
    assert "Skriv ikke navnet på et barn" in page
    assert 'href="/thisted/sparring/"' in readable(client.get("/thisted/organisation/"))


def test_a_guest_does_not(cast, visit):
    assert visit(cast.laerer).get(HERE).status_code == 404


def test_a_kommune_without_a_door_has_no_page_and_no_line_in_the_menu(cast, visit):
    client = visit(cast.fnt)
    assert client.get("/morsoe/sparring/").status_code == 404
    assert "/morsoe/sparring/" not in readable(client.get("/morsoe/organisation/"))


def test_asking_sends_a_notice_without_the_text_and_gives_a_receipt(cast, visit, as_actor, actor_for):
    from access.actor import Actor
    from municipalities.presets import system_user

    client = visit(cast.chef)
    page = client.post(HERE, {"how": "Lokal 1234", "when": "Fredag formiddag"}, follow=True)
    assert "Din besked er sendt" in readable(page)
    assert "Lokal 1234" in readable(page)
    with acting(Actor(user_id=system_user("thisted").pk, tenant_id=actor_for(cast.chef).tenant_id, is_system=True)):
        mail = OutboxMessage.objects.filter(kind="mail", subject="En kollega beder om at blive ringet op").latest("created_at")
        assert (mail.recipient, mail.path) == (cast.konsulent, HERE)
        assert "1234" not in str(mail.payload) + mail.subject
    page = readable(visit(cast.konsulent).get(HERE))
    assert "Lokal 1234" in page
    assert "Lokal 4417" in page  # of the demo


def test_nobody_else_sees_a_request(cast, visit, as_actor):
    assert [request.how for request in requests_of(cast.users["kontakt-hede"], as_actor)] == ["Lokal 4417"]
    for other in (cast.elev, cast.chef, cast.it, cast.dpo, cast.fnt):
        assert requests_of(other, as_actor) == []
        assert "4417" not in readable(visit(other).get(HERE))


def test_the_holder_answers_and_the_asker_sees_it(cast, visit, as_actor):
    (request,) = requests_of(cast.konsulent, as_actor)
    answer = f"{HERE}{request.public_id}/besvaret/"
    for other in (cast.users["kontakt-hede"], cast.it, cast.chef):
        assert visit(other).post(answer).status_code == 404
    assert visit(cast.konsulent).post(answer).status_code == 302
    assert visit(cast.konsulent).post(answer).status_code == 302
    assert "besvaret" in readable(visit(cast.users["kontakt-hede"]).get(HERE))
    assert "4417" not in readable(visit(cast.konsulent).get(HERE))


@pytest.mark.parametrize(
    ("how", "when"), [("", "nu"), ("20 20 20 20", ""), ("010203-1234", "nu"), ("x", "om 0102031234"), ("x" * 81, "nu"), ("\x00", "nu")]
)
def test_bad_input_and_cpr_numbers_are_refused(cast, visit, as_actor, how, when):
    assert visit(cast.chef).post(HERE, {"how": how, "when": when}).status_code == 422
    assert requests_of(cast.chef, as_actor) == []


def test_one_cannot_ask_for_ever_nor_in_anothers_name(cast, visit, as_actor):
    client = visit(cast.chef)
    for _ in range(sparring.OPEN_MOST):
        assert client.post(HERE, {"how": "20 20 20 20", "when": "nu"}).status_code == 302
    assert client.post(HERE, {"how": "20 20 20 20", "when": "nu"}).status_code == 409
    with as_actor(cast.chef) as actor, pytest.raises(DatabaseError), transaction.atomic():
        CallRequest.objects.create(tenant_id=actor.tenant_id, asker=cast.vpi, holder=cast.konsulent, how="x", when="y")


def test_only_the_administrator_sets_it_up(cast, visit, as_actor):
    for other in (cast.konsulent, cast.dpo, cast.elev):
        assert visit(other).get(f"{HERE}opsaet/").status_code == 404
        assert visit(other).post(f"{HERE}opsaet/", DOOR).status_code == 404
    with as_actor(cast.konsulent) as actor:
        with pytest.raises(PermissionDenied):
            sparring.save_door(actor=actor, title="x")
        assert SparringDoor.objects.update(title="x") == 0
    client = visit(cast.it)
    assert client.post(f"{HERE}opsaet/", {**DOOR, "phone": ""}).status_code == 422
    assert client.post(f"{HERE}opsaet/", {**DOOR, "mail": "ikke en adresse"}).status_code == 422
    assert client.post(f"{HERE}opsaet/", {**DOOR, "steps": "Ring om 010203-1234"}).status_code == 422
    assert client.post(f"{HERE}opsaet/", {**DOOR, "holder": cast.users["mors-koordinator"].public_id}).status_code == 422
    page = readable(client.post(f"{HERE}opsaet/", DOOR, follow=True))
    assert "Døren" in page
    assert "Ingen svarer på henvendelser" in page
    assert visit(cast.chef).post(HERE, {"how": "20 20 20 20", "when": "nu"}).status_code == 409


def test_a_first_door_appears_in_everybodys_menu(cast, visit, as_actor):
    from dataclasses import replace

    from access.roles import Verb

    with as_actor(cast.fnt, "morsoe") as actor:
        admin = replace(actor, tenant_verbs=frozenset({Verb.MANAGE_TENANT}))
    with acting(admin):
        sparring.save_door(actor=admin, title="Morsø-døren", phone="1", mail="", hours="", text="", steps="", holder=None)
    assert "/morsoe/sparring/" in readable(visit(cast.fnt).get("/morsoe/organisation/"))
