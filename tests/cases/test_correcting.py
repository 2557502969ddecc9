"""An aftale that was typed wrong in a § 115 discussion: put right or taken away until its minutes are approved, and only then."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from access.gate import open_ticket
from access.models import LogEntry, Purpose
from cases import agreement_actions, correcting, discussion_actions
from cases.models import Case, CaseAgreement, CaseAgreementParty, CaseAgreementText, CaseItem, CaseRecusal, Discussion
from meetings.models import Meeting

DAY = timezone.localdate() + timedelta(days=9)
NAMES = ("who", "what", "due", "meeting", "corrects", "seen")


@pytest.fixture
def link(meeting_of, noah):
    return meeting_of(noah, "CALLED")


@pytest.fixture
def desk(noah, link):
    return f"{noah.url}droeftelse/{link.meeting.public_id}/"


@pytest.fixture
def inside(as_actor, noah):
    """`with inside(user):` acts as the user in the case, which he has opened."""
    from contextlib import contextmanager

    @contextmanager
    def enter(user):
        with as_actor(user) as actor:
            open_ticket(actor, Case, [noah.case.person_id], purpose=Purpose.OTHER, row=noah.case, note="test")
            yield actor

    return enter


@pytest.fixture
def agreement(cast, inside, link):
    with inside(cast.konsulent) as actor:
        return discussion_actions.agree_at_meeting(link, actor=actor, who=cast.fnt, what="Ringer til kluben", due_on=DAY)


@pytest.fixture
def told(inside, cast, agreement):
    """What the aftale says now; None when it is gone."""

    def read():
        with inside(cast.konsulent):
            row = CaseAgreement.objects.with_parties().select_related("text").filter(pk=agreement.pk).first()
            return row and (row.text.what, row.due_on, row.responsible_ids, row.item_id)

    return read


@pytest.fixture
def edition(as_actor, cast, link):
    def read():
        with as_actor(cast.konsulent):
            return CaseItem.objects.get(pk=link.pk).texts_edition

    return read


def opened(client, desk, agreement, **more):
    """The line as the pencil opens it: what a browser would send of it."""
    page = client.get(desk, {"ret": agreement.public_id})
    assert page.status_code == 200, page.status_code
    form = page.context["agreement_form"]
    line = {name: form[name].value() or "" for name in NAMES} | {name: more.pop(name) for name in NAMES if name in more}
    return {**{f"aftale-{name}": value for name, value in line.items()}, "facts": "Vi talte.", "assessment": "", "version": 0, **more}


def plain(page):
    return page.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("key", ["\x00", "a\x00b"])
def test_a_key_that_is_none_finds_no_aftale(through_gate, cast, noah, desk, agreement, told, key):
    client, before = through_gate(cast.konsulent, noah), told()
    data = opened(client, desk, agreement, what="Noget andet", corrects=key)
    assert client.get(desk, {"ret": key}).status_code == 409
    for button in ("add", "take_away"):
        assert client.post(desk, {**data, button: "1"}).status_code == 409
    assert told() == before


def test_the_pencil_names_its_aftale_and_opens_the_line_with_its_words(through_gate, cast, noah, desk, agreement):
    client = through_gate(cast.konsulent, noah)
    page = plain(client.get(desk))
    [href] = re.findall(r'<a [^>]*href="([^"]+)"[^>]*aria-label="Ret aftalen: Ringer til kluben"', page)
    assert page.count('aria-label="Ret aftalen: ') == 1, "only what was agreed at this meeting"
    page = plain(client.get(href.replace("&amp;", "&")))
    for value in (cast.fnt.name, "Ringer til kluben", f"{DAY.day}/{DAY.month} {DAY.year}"):
        assert f'value="{value}"' in page
    assert "Gem rettelsen" in page and "Fjern aftalen" in page
    assert "Ret aftalen" not in plain(client.get(noah.url)), "outside the discussion there are no minutes to put right"


@pytest.mark.parametrize("along", [True, False])
def test_words_day_and_person_are_put_right_and_it_is_the_same_aftale(through_gate, cast, noah, desk, agreement, told, edition, inside, along):
    client, other, before = through_gate(cast.konsulent, noah), DAY + timedelta(days=1), edition()
    data = opened(client, desk, agreement, what="Ringer til klubben", due=other.isoformat(), who=cast.konsulent.name, add="1")
    page = client.post(desk if along else f"{noah.url}aftale/", data, follow=True)
    assert page.status_code == 200 and page.redirect_chain[-1][0] == f"{desk}#aftaler" and "Aftalen er rettet." in plain(page)
    assert told() == ("Ringer til klubben", other, {cast.konsulent.pk}, agreement.item_id) and edition() > before
    with inside(cast.konsulent):
        assert CaseAgreementParty.objects.filter(agreement=agreement).count() == CaseAgreementText.objects.filter(agreement=agreement).count() == 1


def test_the_log_says_whom_it_concerned_and_repeats_no_words(through_gate, cast, noah, desk, agreement, log):
    client = through_gate(cast.konsulent, noah)
    data = opened(client, desk, agreement, what="Ringer til klubben")
    before = max(row.pk for row in log())
    client.post(f"{noah.url}aftale/", data)
    [entry] = [row for row in log(before) if row.action == LogEntry.Action.UPDATE]
    assert (entry.object_id, entry.changes, entry.subjects) == (agreement.pk, {"what": ["•••", "•••"]}, [noah.case.person_id])
    assert entry.actor_id == cast.konsulent.pk and not [row for row in log(before) if "klub" in str(row.changes) + row.object_repr]


def test_nothing_that_is_unchanged_is_written(through_gate, cast, noah, desk, agreement, log, edition):
    client = through_gate(cast.konsulent, noah)
    data, was = opened(client, desk, agreement), edition()
    before = max(row.pk for row in log())
    assert client.post(f"{noah.url}aftale/", data).status_code == 302
    assert not [row for row in log(before) if row.action in (LogEntry.Action.UPDATE, LogEntry.Action.CREATE, LogEntry.Action.DELETE)] and edition() == was


@pytest.mark.parametrize("gone", ["recused", "left"])
def test_words_are_put_right_of_an_aftale_with_somebody_who_no_longer_opens_the_case(through_gate, cast, noah, desk, agreement, told, inside, gone):
    """Who it was agreed with stays; only a new name is asked whether it may open the case."""
    with inside(cast.konsulent):
        if gone == "recused":
            CaseRecusal.objects.create(tenant_id=noah.case.tenant_id, case=noah.case, user=cast.fnt, noted_by_id=cast.konsulent.pk)
        else:
            CaseAgreementParty.objects.filter(agreement=agreement).delete()
            CaseAgreementParty.objects.create(tenant_id=noah.case.tenant_id, case=noah.case, agreement=agreement, user=cast.chef)
    was = told()
    client = through_gate(cast.konsulent, noah)
    assert client.post(f"{noah.url}aftale/", opened(client, desk, agreement, what="Ringer til klubben")).status_code == 302
    assert told() == ("Ringer til klubben", *was[1:])
    page = client.post(f"{noah.url}aftale/", opened(client, desk, agreement, who=cast.chef.name + " og " + cast.konsulent.name))
    assert page.status_code == 422 and told()[2] == was[2]


def test_a_day_that_has_passed_stands_when_only_the_words_are_wrong(through_gate, cast, noah, desk, agreement, told, as_actor):
    past = timezone.localdate() - timedelta(days=3)
    with as_actor(cast.konsulent):
        CaseAgreement.objects.filter(pk=agreement.pk).update(due_on=past)
    client = through_gate(cast.konsulent, noah)
    assert client.post(f"{noah.url}aftale/", opened(client, desk, agreement, what="Ringer til klubben")).status_code == 302
    assert told()[:2] == ("Ringer til klubben", past)


@pytest.mark.parametrize("wrong", [{"who": "Nobody Here"}, {"due": "snart"}, {"due": "1/1 2020"}, {"what": ""}])
def test_what_does_not_fit_changes_nothing_and_comes_back(through_gate, cast, noah, desk, agreement, told, wrong):
    client, before = through_gate(cast.konsulent, noah), told()
    page = client.post(f"{noah.url}aftale/", opened(client, desk, agreement, **wrong))
    assert page.status_code == 422 and "Gem rettelsen" in plain(page) and told() == before


def test_one_that_was_not_agreed_is_taken_away_and_the_discussion_is_saved(through_gate, cast, noah, desk, agreement, told, inside, edition):
    client, before = through_gate(cast.konsulent, noah), edition()
    page = client.post(desk, opened(client, desk, agreement, take_away="1"), follow=True)
    assert page.status_code == 200 and "Aftalen er fjernet." in plain(page)
    assert told() is None and edition() > before
    with inside(cast.konsulent):
        assert not CaseAgreementParty.objects.filter(agreement_id=agreement.pk).exists() and not CaseAgreementText.objects.filter(agreement_id=agreement.pk).exists()
        assert Discussion.objects.get(pk=agreement.item_id).facts == "Vi talte."


def test_what_was_opened_again_has_a_history_and_is_not_taken_away(through_gate, cast, noah, desk, agreement, told, as_actor):
    with as_actor(cast.fnt) as actor:
        for _press in range(2):
            agreement_actions.tick_agreement(agreement, actor=actor)
    client = through_gate(cast.konsulent, noah)
    page = client.post(desk, opened(client, desk, agreement, take_away="1"))
    assert page.status_code == 409 and "Den bliver stående" in plain(page) and told()


def test_one_that_somebody_was_reminded_of_is_not_taken_away(through_gate, cast, noah, desk, agreement, told, as_actor):
    from cases.models import CaseAgreementReminder

    with as_actor(cast.fnt):
        CaseAgreementReminder.objects.create(tenant_id=agreement.tenant_id, agreement=agreement, user=cast.fnt, threshold=1, due_on=DAY)
    client = through_gate(cast.konsulent, noah)
    page = client.post(desk, opened(client, desk, agreement, take_away="1"))
    assert page.status_code == 409 and "Den bliver stående" in plain(page) and told()


@pytest.mark.parametrize("button", [{"add": "1", "what": "Ringer igen"}, {"take_away": "1"}])
@pytest.mark.parametrize("first", ["corrected", "gone", "done", "moved", "handed"])
def test_who_comes_second_is_told_so_and_keeps_both_texts(through_gate, cast, noah, link, desk, agreement, told, inside, button, first):
    client = through_gate(cast.konsulent, noah)
    data = opened(client, desk, agreement, **button)
    with inside(cast.fnt) as actor:
        key, seen = agreement.public_id, data["aftale-seen"]
        if first == "corrected":
            correcting.correct_agreement(link, key, actor=actor, seen=seen, who=[cast.fnt], what="Skriver", due_on=DAY)
        elif first == "gone":
            correcting.take_away_agreement(link, key, actor=actor, seen=seen)
        elif first == "done":
            agreement_actions.tick_agreement(agreement, actor=actor)
        elif first == "moved":
            agreement_actions.move_agreement(agreement, actor=actor, due_on=DAY + timedelta(days=2), remark="Ferie.")
        else:
            with inside(cast.konsulent) as other:
                agreement_actions.hand_over(agreement, actor=other, who=[cast.konsulent])
    before = told()
    pages = [client.post(desk, data)] if "take_away" in button else [client.post(f"{noah.url}aftale/", data), client.post(desk, data)]
    for page in pages:
        assert page.status_code == 409 and told() == before and data["aftale-what"] in plain(page)
        assert re.search("En anden har rettet|står ikke længere|er siden udført", plain(page))
    with inside(cast.konsulent):
        assert Discussion.objects.get(pk=link.item_id).facts == "Vi talte."
    if first != "corrected":
        page = client.get(desk, {"ret": agreement.public_id})
        assert page.status_code == 409 and re.search("står ikke længere|er siden udført", plain(page))


@pytest.mark.parametrize("user", ["chef", "elev", "kontakt-klit", "dpo"])
def test_only_who_writes_the_discussion(through_gate, cast, noah, link, desk, agreement, told, user, as_actor):
    data, before = opened(through_gate(cast.konsulent, noah), desk, agreement, what="Noget andet"), told()
    client = through_gate(cast.users[user], noah)
    for address in (desk, f"{noah.url}aftale/"):
        for more in ({}, {"take_away": "1"}):
            assert client.post(address, {**data, **more}).status_code in (403, 404)
    assert client.get(desk, {"ret": agreement.public_id}).status_code in (403, 404)
    assert told() == before
    with as_actor(cast.users[user]) as actor, pytest.raises(PermissionDenied):
        correcting.take_away_agreement(link, agreement.public_id, actor=actor, seen=data["aftale-seen"])


def test_who_is_recused_from_the_case_corrects_nothing_in_it(through_gate, cast, noah, desk, agreement, told, as_actor):
    client, before = through_gate(cast.fnt, noah), told()
    data = opened(client, desk, agreement, what="Noget andet")
    with as_actor(cast.konsulent):
        CaseRecusal.objects.create(tenant_id=noah.case.tenant_id, case=noah.case, user=cast.fnt, noted_by_id=cast.konsulent.pk)
    assert {client.post(desk, data).status_code, client.post(f"{noah.url}aftale/", data).status_code, client.get(desk).status_code} == {404}
    assert told() == before


def test_an_aftale_of_another_meeting_or_case_is_none_of_this_one(through_gate, cast, noah, link, desk, agreement, told, meeting_of, know, inside):
    client, before = through_gate(cast.konsulent, noah), told()
    data = opened(client, desk, agreement, what="Noget andet", add="1", concern_level="2")
    earlier = meeting_of(noah, "CLOSED").meeting.public_id
    assert client.post(f"{noah.url}aftale/", {**data, "aftale-meeting": earlier}).status_code == 409 and told() == before
    assert client.post(f"{noah.url}droeftelse/{earlier}/", data).status_code == 409 and told() == before
    assert client.get(f"{noah.url}droeftelse/{earlier}/", {"ret": agreement.public_id}).status_code == 409
    assert client.post(f"{noah.url}aftale/", {**data, "aftale-meeting": ""}).status_code in (404, 409) and told() == before, "no new one either"
    with inside(cast.konsulent):
        assert not CaseAgreementText.objects.filter(case=noah.case, what="Noget andet").exists()


@pytest.mark.parametrize("why", ["approved", "reopened", "closed case"])
def test_what_is_locked_keeps_what_was_agreed(through_gate, cast, noah, link, desk, agreement, told, as_actor, why):
    client = through_gate(cast.konsulent, noah)
    data, before = opened(client, desk, agreement, what="Noget andet", add="1"), told()
    with as_actor(cast.konsulent):
        if why == "closed case":
            Case.objects.filter(pk=noah.case.pk).update(status="CLOSED", closed_on=timezone.localdate())
        else:
            Meeting.objects.filter(pk=link.meeting_id).update(**({"status": "APPROVED"} if why == "approved" else {"status": "CLOSED", "version": 2}))
    for more in ({}, {"take_away": "1"}):
        page = client.post(desk, {**data, **more})
        assert page.status_code == 409 and re.search("låst|afsluttet", plain(page)) and told() == before
    page = client.post(f"{noah.url}aftale/", data)
    assert page.status_code == 409 and re.search("låst|afsluttet", plain(page)) and told() == before
    assert "Ret aftalen: " not in plain(client.get(desk)) and client.get(desk, {"ret": agreement.public_id}).status_code == 409


def test_min_uge_follows_who_it_is_with(through_gate, visit, cast, noah, desk, agreement):
    client, mark = through_gate(cast.konsulent, noah), f'value="{agreement.public_id}"'
    assert mark in plain(visit(cast.fnt).get("/thisted/"))
    client.post(f"{noah.url}aftale/", opened(client, desk, agreement, who=cast.konsulent.name))
    assert mark not in plain(visit(cast.fnt).get("/thisted/")) and mark in plain(visit(cast.konsulent).get("/thisted/"))
