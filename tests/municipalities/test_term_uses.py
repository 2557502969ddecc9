"""A new name for what stood in seats, leader texts and standing agendas by another word: found, shown, changed together, and nothing else."""

import re
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from access.roles import Verb
from meetings.models import AgendaItem, AgendaTemplateItem
from municipalities import term_uses
from municipalities.errors import StaleError
from municipalities.models import Forum, Seat, Tenant
from municipalities.places import seats_of_place
from municipalities.term_uses import renamed, replaced
from plans.models import Plan
from tests.conftest import acting
from tests.rules.crawl import readable

NAMES, USES = "/thisted/opsaetning/navne/", "/thisted/opsaetning/navne/brug/"
DRAFTS = {"Fremlægger i en kladde til en dagsorden", "Titel på en plankladde", "Ansvarlig i en plankladde"}
NEW = {"coordinator": "SSP-koordinator", "coordinator_definite": "SSP-koordinatoren", "coordinator_plural": "SSP-koordinatorer"}


def hidden(page):
    return re.search(r'name="seen" value="([^"]*)"', page.content.decode())[1]


def rename(window, **terms):
    return window.post(NAMES, {"seen": hidden(window.get(NAMES)), **NEW, **terms})


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("SSP-konsulent", "SSP-koordinator"), ("SSP-konsulenten", "SSP-koordinatoren"), ("ssp-konsulentens mappe", "SSP-koordinatorens mappe"),
        ("FNT-betjenten og SSP-konsulenten", "FNT-betjenten og SSP-koordinatoren"), ("Tidl. SSP-konsulentuddannelse", "Tidl. SSP-konsulentuddannelse"),
        ("Formand: styregruppens leder", "Formand: koordinationsgruppens leder"), ("Styregruppe", "Koordinationsgruppe"), ("SSP-styregruppe", "SSP-styregruppe"), ("", ""),
    ],
)  # fmt: skip
def test_a_whole_word_is_replaced_in_its_form_and_nothing_inside_another(text, becomes):
    own = {**NEW, "steering_group": "koordinationsgruppe", "steering_group_definite": "koordinationsgruppen"}
    assert replaced(text, renamed({}, own)) == becomes


def test_a_word_that_is_its_own_plural_is_read_as_one():
    own = {"local_council": "Lokalforum", "local_council_definite": "Lokalforummet", "local_council_plural": "lokalfora"}
    assert replaced("Nyt fra Lokalråd og Kredsråd", renamed({}, own)) == "Nyt fra Lokalforum og Kredsråd"


def test_without_a_new_name_nothing_is_looked_for():
    assert renamed({}, {}) == [] and renamed(NEW, NEW) == renamed({}, NEW)  # and later, the usual word is still found


def test_a_change_of_name_leads_to_the_texts_and_one_button_changes_them(cast, visit, as_actor, log):
    window = visit(cast.it)
    with as_actor(cast.it) as actor:
        held = Seat.objects.current().filter(tenant=actor.tenant_id, title="SSP-konsulent").count()
        items = AgendaTemplateItem.objects.filter(tenant=actor.tenant_id, presenter__contains="SSP-konsulenten").count()
        before = list(AgendaItem.objects.values_list("pk", "presenter"))
    with as_actor(cast.fnt, "morsoe") as actor:
        elsewhere = sorted(Seat.objects.filter(tenant=actor.tenant_id).values_list("title", flat=True))
    assert held and items
    answer = rename(window)
    assert answer.status_code == 302 and answer.headers["Location"] == USES
    page = window.get(USES)
    text = readable(page)
    assert "SSP-koordinatoren" in text and "Fremlægger på en fast dagsorden" in text and "Pladsens titel" in text
    last = max(entry.pk for entry in log())
    assert window.post(USES, {"seen": hidden(page)}).status_code == 302
    with as_actor(cast.it) as actor:
        assert not Seat.objects.not_over().filter(tenant=actor.tenant_id, title__contains="SSP-konsulent").exists()
        assert Seat.objects.current().filter(tenant=actor.tenant_id, title="SSP-koordinator").count() == held
        assert not AgendaTemplateItem.objects.filter(tenant=actor.tenant_id, presenter__contains="SSP-konsulent").exists()
        assert list(AgendaItem.objects.values_list("pk", "presenter")) == before  # of a meeting nothing is touched
    assert {entry.content_type.model for entry in log(last)} >= {"seat", "agendatemplateitem"}
    assert "tidligere ord" in readable(window.get(USES)) and "Tidligere ord står stadig" not in readable(window.get(NAMES))
    with as_actor(cast.fnt, "morsoe") as actor:
        assert sorted(Seat.objects.filter(tenant=actor.tenant_id).values_list("title", flat=True)) == elsewhere


def test_a_second_change_knows_the_first_name_too(cast, visit):
    window = visit(cast.it)
    page = window.get(rename(window).headers["Location"])
    window.post(USES, {"seen": hidden(page)})
    rename(window, coordinator="SSP-tovholder", coordinator_definite="SSP-tovholderen", coordinator_plural="SSP-tovholdere")
    text = readable(window.get(USES))
    assert "SSP-koordinator" in text and "SSP-tovholder" in text


def test_two_changes_in_a_row_know_what_the_texts_say(cast, visit):
    window = visit(cast.it)
    window.post(USES, {"seen": hidden(window.get(rename(window).headers["Location"]))})
    rename(window, coordinator="SSP-tovholder", coordinator_definite="SSP-tovholderen", coordinator_plural="SSP-tovholdere")
    rename(window, coordinator="SSP-vejleder", coordinator_definite="SSP-vejlederen", coordinator_plural="SSP-vejledere")
    text = readable(window.get(USES))
    assert "SSP-koordinator" in text and "SSP-vejleder" in text


def test_a_place_without_a_key_stays_one_place(cast, visit, as_actor):
    with as_actor(cast.it) as actor:
        seat = Seat.objects.current().filter(tenant=actor.tenant_id, title="SSP-konsulent").first()
        Seat.objects.filter(pk=seat.pk).update(key="")
        seat.refresh_from_db()
    window = visit(cast.it)
    rename(window)
    window.post(USES, {"seen": hidden(window.get(USES))})
    with as_actor(cast.it):
        seat.refresh_from_db()
        assert seat.key and seat.title == "SSP-koordinator" and seat.pk in seats_of_place(seat)


def test_what_changed_meanwhile_or_would_be_too_long_is_refused_and_nothing_is_half_done(cast, visit, as_actor):
    window = visit(cast.it)
    rename(window)
    seen = hidden(window.get(USES))
    with as_actor(cast.it) as actor:
        Forum.objects.filter(tenant=actor.tenant_id, key="styregruppe").update(chair_text="SSP-konsulenten leder")
    answer = window.post(USES, {"seen": seen})
    assert answer.status_code == 409 and "intet er rettet" in readable(answer)
    with as_actor(cast.it) as actor:
        Forum.objects.filter(tenant=actor.tenant_id, key="styregruppe").update(chair_text="SSP-konsulenten " + "x" * 104)
    answer = window.post(USES, {"seen": hidden(window.get(USES))})
    assert answer.status_code == 409 and "for lang" in readable(answer)
    with as_actor(cast.it) as actor:
        assert Seat.objects.current().filter(tenant=actor.tenant_id, title="SSP-konsulent").exists()
        assert not Seat.objects.filter(tenant=actor.tenant_id, title="SSP-koordinator").exists()


def test_a_draft_is_changed_by_who_may_write_it_and_never_shown_to_another(cast, visit, as_actor):

    with as_actor(cast.konsulent) as actor:
        drafts = AgendaItem.objects.filter(tenant=actor.tenant_id, meeting__status="DRAFT", forum__in=actor.forums_with(Verb.CONVENE))
        draft = drafts.exclude(data_class="PERSON_115").first()
        plan = Plan.objects.filter(tenant=actor.tenant_id, forum__in=actor.forums_with(Verb.EDIT_PLANS)).first()
        Plan.objects.filter(pk=plan.pk).update(status="DRAFT", title="SSP-konsulentens plan")
        step = plan.milestones.first()
        step.responsible = "SSP-konsulent"
        step.save()
        AgendaItem.objects.filter(pk=draft.pk).update(presenter="SSP-konsulenten og fritidslederen")
    with as_actor(cast.it) as administrator:
        assert {str(use.holder.label) for use in term_uses.uses(administrator, renamed({}, NEW))}.isdisjoint(DRAFTS)
    both = replace(actor, tenant_verbs=frozenset({Verb.MANAGE_TENANT}))  # who writes the drafts and manages the kommune too
    with acting(both):
        tenant = Tenant.objects.get(pk=actor.tenant_id)
        found = term_uses.uses(both, renamed({}, NEW))
        assert {str(use.holder.label) for use in found} >= DRAFTS
        Tenant.objects.filter(pk=tenant.pk).update(terms=NEW, former_terms={})
        term_uses.change_uses(tenant, actor=both, seen=term_uses.fingerprint(found))
        for row in (draft, plan, step):
            row.refresh_from_db()
        assert (draft.presenter, plan.title, step.responsible) == ("SSP-koordinatoren og fritidslederen", "SSP-koordinatorens plan", "SSP-koordinator")


def test_before_a_name_is_changed_no_word_is_a_former_one(cast, visit):
    own = {"coordinator": "SSP-tovholder", "coordinator_definite": "SSP-tovholderen", "coordinator_plural": "SSP-tovholdere"}
    Tenant.objects.filter(slug="thisted").update(terms=own)  # as a preset gives them; the seats say «SSP-konsulent»
    window = visit(cast.it)
    assert "Tidligere ord står stadig" not in readable(window.get(NAMES)) and "Der står ingen tidligere ord" in readable(window.get(USES))
    rename(window)
    assert "Tidligere ord står stadig" in readable(window.get(NAMES))


def test_former_words_are_remembered_after_a_new_login_until_they_are_settled(cast, visit):
    rename(visit(cast.it))
    again = visit(cast.it)  # another day, another browser
    assert "Tidligere ord står stadig" in readable(again.get(NAMES)) and "SSP-koordinatoren indkalder" in readable(again.get(USES))
    assert again.post(USES, {"leave": ""}).status_code == 302
    assert "Tidligere ord står stadig" not in readable(visit(cast.it).get(NAMES))
    rename(again, coordinator="SSP-tovholder", coordinator_definite="SSP-tovholderen", coordinator_plural="SSP-tovholdere")
    assert "SSP-tovholderen indkalder" in readable(again.get(USES))  # the usual word is still found


def test_purposes_and_the_items_of_standing_agendas_follow_too(cast, visit, as_actor):
    window = visit(cast.it)
    rename(window, plan="årsplan", plan_definite="årsplanen", plan_plural="årsplaner")
    page = window.get(USES)
    assert "godkender årsplanen" in readable(page) and "Årsplanen: status og beslutninger" in readable(page)
    window.post(USES, {"seen": hidden(page)})
    with as_actor(cast.it) as actor:
        assert "godkender årsplanen" in Forum.objects.get(tenant=actor.tenant_id, key="lokalraad").purpose
        assert AgendaTemplateItem.objects.filter(tenant=actor.tenant_id, title="Årsplanen: status og beslutninger").exists()


def test_a_draft_that_is_called_meanwhile_is_not_changed(cast, as_actor, monkeypatch):
    with as_actor(cast.konsulent) as actor:
        draft = AgendaItem.objects.filter(tenant=actor.tenant_id, meeting__status="DRAFT", forum__in=actor.forums_with(Verb.CONVENE)).exclude(data_class="PERSON_115").first()
        AgendaItem.objects.filter(pk=draft.pk).update(presenter="SSP-konsulenten og fritidslederen")
    both = replace(actor, tenant_verbs=frozenset({Verb.MANAGE_TENANT}))
    with acting(both):
        Tenant.objects.filter(pk=actor.tenant_id).update(terms=NEW, former_terms={})
        found = term_uses.uses(both, renamed({}, NEW))
        draft.meeting.status = "CALLED"
        monkeypatch.setattr(term_uses, "uses", lambda actor, pairs: (draft.meeting.save(update_fields=["status"]), found)[1])  # between the reading and the lock
        with pytest.raises(StaleError):
            term_uses.change_uses(Tenant.objects.get(pk=actor.tenant_id), actor=both, seen=term_uses.fingerprint(found))


def test_nobody_else_changes_them(cast, visit, as_actor):
    for other in (cast.konsulent, cast.dpo, cast.chef):
        assert visit(other).get(USES).status_code == visit(other).post(USES, {"seen": "x"}).status_code == 404
    with as_actor(cast.konsulent) as actor, pytest.raises(PermissionDenied):
        term_uses.change_uses(Tenant.objects.get(pk=actor.tenant_id), actor=actor, seen="x")
    with as_actor(cast.konsulent) as actor, pytest.raises(PermissionDenied):
        term_uses.leave_uses(Tenant.objects.get(pk=actor.tenant_id), actor=actor)


COUNCIL = {"local_council": "SSP-råd", "local_council_definite": "SSP-rådet", "local_council_plural": "SSP-råd"}


@pytest.mark.parametrize("is_ticked", [True, False])
def test_a_forums_name_follows_where_its_tick_is_left(cast, visit, as_actor, is_ticked):
    window = visit(cast.it)
    rename(window, coordinator="", coordinator_definite="", coordinator_plural="", **COUNCIL)
    page = window.get(USES)
    tick = re.search(r'name="names" value="(\w+)" checked><span class="b">Lokalråd → SSP-råd</span>', page.content.decode())
    assert tick and page.content.decode().count('name="names"') == 1
    answer = window.post(USES, {"seen": hidden(page), "names": [tick[1]] if is_ticked else []})
    assert answer.status_code == 302
    with as_actor(cast.it) as actor:
        assert Forum.objects.get(tenant=actor.tenant_id, key="lokalraad").name == ("SSP-råd" if is_ticked else "Lokalråd")
    assert "tidligere ord" in readable(window.get(USES))


def test_a_name_that_another_forum_has_changes_nothing(cast, visit, as_actor):
    window = visit(cast.it)
    rename(window, coordinator="", coordinator_definite="", coordinator_plural="", **{**COUNCIL, "local_council": "SSP+"})
    page = window.get(USES)
    tick = re.search(r'name="names" value="(\w+)"', page.content.decode())[1]
    answer = window.post(USES, {"seen": hidden(page), "names": [tick]})
    assert answer.status_code == 409 and "Et andet forum hedder allerede »SSP+«" in readable(answer)
    with as_actor(cast.it) as actor:
        assert Forum.objects.get(tenant=actor.tenant_id, key="lokalraad").name == "Lokalråd"
