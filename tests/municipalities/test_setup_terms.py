"""A kommune's own names: on its pages and in its documents, and in no other kommune's."""

import io
import re

import pytest
from django.utils import timezone

from access.actor import Actor
from municipalities.models import Release, Tenant
from municipalities.templatetags.terms import term as tag
from municipalities.terms import USUAL, Form, Term, term
from plans.actions import own_hand
from plans.models import Plan
from plans.wording import status_name
from reports.periods import ended_half_years

PAGE = "/thisted/opsaetning/navne/"


def forms_of(word, definite, plural):
    return {"plan": word, "plan_definite": definite, "plan_plural": plural}


def hidden(response):
    return re.search(r'name="seen" value="([^"]*)"', response.content.decode())[1]


def test_a_word_that_is_not_chosen_is_the_usual_one():
    assert term({}, "coordinator") == "SSP-konsulent"
    assert term(None, "plan", "plural", start=True) == "Handleplaner"


def test_a_word_without_its_form_is_the_word_itself():
    own = {"coordinator": "SSP-tovholder", "plan": "årsplan", "plan_definite": "årsplanen"}
    assert term(own, "coordinator", "definite") == "SSP-tovholder"
    assert (term(own, "plan", "definite"), term(own, "plan", "plural"), term(own, "plan", start=True)) == ("årsplanen", "årsplan", "Årsplan")


@pytest.mark.parametrize(
    ("typed", "inside"),
    [
        ("Procesplan", "procesplan"), ("procesplan", "procesplan"), ("Plan for SSP", "plan for SSP"), ("Ålekvik", "ålekvik"), ("SSP-konsulent", "SSP-konsulent"),
        ("SSP tovholder", "SSP tovholder"), ("U18-plan", "U18-plan"), ("Thisted-plan", "Thisted-plan"), ("Trygt Natteliv", "Trygt Natteliv"), ("A", "A"),
    ],
)  # fmt: skip
def test_a_name_begins_small_inside_a_sentence_unless_it_is_an_abbreviation_or_a_name(typed, inside):
    own = {"plan": typed, "local_council": typed}
    assert (term(own, "plan"), term(own, "plan", start=True)) == (inside, typed[0].upper() + typed[1:])
    assert term(own, "local_council") == typed  # a body, as «Lokalrådet» is


def test_every_term_has_every_form():
    assert set(USUAL) == set(Term)
    assert all(len(words) == len(Form) for words in USUAL.values())


def test_a_page_without_a_kommune_says_the_usual_word():
    assert tag({}, "coordinator", "definite") == "SSP-konsulenten"


def test_an_unknown_term_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="mayor"):
        term({}, "mayor")


@pytest.fixture
def renamed(visit, cast):
    """Thisted calls its handleplan an årsplan, its indsats a fokus."""
    client = visit(cast.it)
    form = {
        "plan": "årsplan", "plan_definite": "årsplanen", "plan_plural": "årsplaner",
        "initiative": "fokus", "initiative_definite": "fokusset", "initiative_plural": "fokus", "coordinator_plural": "SSP-tovholdere",
        "coordinator": "SSP-tovholder", "coordinator_definite": "SSP-tovholderen",
    }  # fmt: skip
    assert client.post(PAGE, {**form, "seen": hidden(client.get(PAGE))}).status_code == 302
    return client


def test_the_names_are_used_on_the_next_page_and_only_here(renamed, visit, cast):
    html = visit(cast.konsulent).get("/thisted/handleplaner/").content.decode()
    assert "Årsplaner" in html and "Opret årsplan" in html and "Handleplaner" not in html
    assert "Årsplan</span>" in html or ">Årsplan<" in html  # the menu
    assert "Årsplan" not in visit(cast.fnt).get("/morsoe/handleplaner/").content.decode()
    assert Tenant.objects.get(slug="thisted").terms["plan"] == "årsplan"


def test_the_names_stand_in_the_pdf_of_a_plan(renamed, visit, cast, as_actor):
    from pypdf import PdfReader

    with as_actor(cast.konsulent):
        plan = Plan.objects.filter(tenant__slug="thisted", status="APPROVED").first()
    answer = visit(cast.konsulent).get(f"/thisted/handleplaner/{plan.public_id}/plan.pdf")
    assert answer.status_code == 200
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "Fokus 1" in text and "Indsats 1" not in text


def test_the_names_stand_in_the_report_and_its_figures():
    from reports.documents import _in_short as in_short
    from reports.documents import milestone_table

    own = {"plan": "årsplan", "plan_definite": "årsplanen", "initiative": "fokus", "local_council": "samråd", "local_council_definite": "samrådet"}
    figures = {"milestones": [], "meetings": [], "agreements": [{"done": 0, "open": 0}]}
    table = milestone_table(figures, own)
    assert (table.title, table.headers[0], table.source) == ("Delmål i årsplanen", "Fokus", "Årsplan")
    assert in_short(figures, own)[0] == ("Ingen godkendt plan dækker halvåret", "Samrådet har ikke godkendt en plan for perioden.")
    assert in_short(figures, {})[0][1] == "Lokalrådet har ikke godkendt en plan for perioden."


def test_the_coordinators_name_is_that_of_the_role(renamed, as_actor, cast):
    from municipalities.models import Forum

    with as_actor(cast.it):
        forum = Forum.objects.get(key="styregruppe", tenant__slug="thisted")
    for page in ("", "pladser/", "pladser/ny/"):
        html = renamed.get(f"/thisted/opsaetning/fora/{forum.public_id}/{page}").content.decode()
        assert "SSP-tovholder" in html, page
    assert "Koordinator" not in renamed.get(f"/thisted/opsaetning/fora/{forum.public_id}/pladser/").content.decode()


def test_a_plan_lies_at_the_group_by_its_name_here():
    from plans.models import Decision, Plan
    from plans.templatetags.plan_words import plan_status, plan_step

    here = {"tenant": Tenant(terms={"steering_group": "kerneteam", "steering_group_definite": "kerneteamet"})}
    assert plan_status(here, Plan(status="STEERING")) == "I kerneteamet"
    assert plan_status({}, Plan(status="SUBMITTED")) == "I Lokalrådet"
    assert plan_step(here, Decision(step="TO_STEERING")) == "Sendt til kerneteamet"
    assert plan_status(here, Plan(status="DRAFT")) == "Kladde"


def test_the_organisation_picture_says_them_too(renamed):
    page = renamed.get("/thisted/organisation/").content.decode()
    assert "Rammer, godkendt årsplan" in page and "Fokus og opgaver" in page and "handleplan<" not in page


def test_who_is_refused_reads_whom_to_ask(renamed, visit, cast, as_actor):
    from municipalities.models import ClassChange

    with as_actor(cast.it):
        change = ClassChange.objects.get(forum__key="grundskole", tenant__slug="thisted")
    answer = renamed.post(f"/thisted/klasser/{change.public_id}/", {"svar": "godkend"})
    assert answer.status_code == 403
    assert "SSP-tovholderen" in answer.content.decode()


def test_every_refusal_says_the_group_by_its_name_here(visit, cast, as_actor):
    from municipalities.models import ClassChange

    own = {"local_council": "samråd", "local_council_definite": "samrådet", "steering_group": "kerneteam", "steering_group_definite": "kerneteamet"}
    Tenant.objects.filter(slug="thisted").update(terms=own)
    with as_actor(cast.it):
        change = ClassChange.objects.get(forum__key="grundskole", tenant__slug="thisted")
    said = visit(cast.it).post(f"/thisted/klasser/{change.public_id}/", {"svar": "godkend"}).content.decode()
    assert "formanden for samrådet eller kerneteamet" in said
    year = str(timezone.localdate().year)
    for kind, key, words in (("DATES", year, "Kun de, der indkalder samrådet"), ("FIGURES", ended_half_years()[0].key, "Kun formanden for samrådet")):
        answer = visit(cast.gade).post("/thisted/deling/del/", {"kind": kind, "key": key})
        assert (answer.status_code, words in answer.content.decode()) == (403, True), kind
    plan = Plan(tenant=Tenant(terms=own), author_id=cast.konsulent.pk, status="SUBMITTED")
    assert own_hand(plan, Actor(user_id=cast.konsulent.pk, tenant_id=1)).endswith("En anden i samrådet skal godkende den.")
    assert status_name(plan, own) == "I samrådet"


def test_what_is_shared_bears_the_name_of_the_kommune_that_shares_it(cast, as_actor):
    from municipalities.templatetags.terms import release_kind

    with as_actor(cast.it):
        tenant = Tenant.objects.get(slug="thisted")
    tenant.terms = {"plan": "årsplan"}
    assert release_kind({}, Release(tenant=tenant, kind="PLAN")) == "Årsplan"
    assert release_kind({"tenant": Tenant(id=tenant.pk + 1)}, Release(tenant=tenant, kind="PLAN")) == "Årsplan"
    assert release_kind({}, Release(tenant=tenant, kind="DATES")) == "Mødedatoer"


def test_the_list_of_who_has_access_says_them(renamed, visit, cast, as_actor):
    from municipalities.models import Forum

    with as_actor(cast.it):
        forum = Forum.objects.get(key="styregruppe", tenant__slug="thisted")
    page = visit(cast.konsulent).get(f"/thisted/fora/{forum.public_id}/adgang/").content.decode()
    assert "Skrive årsplaner og sende dem til godkendelse" in page and "Læse rapporten til Lokalrådet" in page


def test_an_emptied_name_is_the_usual_one_again(renamed):
    assert renamed.post(PAGE, {"seen": hidden(renamed.get(PAGE))}).status_code == 302
    assert Tenant.objects.get(slug="thisted").terms == {}


def test_two_administrators_and_a_name_that_is_too_long(renamed):
    opened = hidden(renamed.get(PAGE))
    assert renamed.post(PAGE, {"plan": "x" * 61, "seen": opened}).status_code == 422
    assert renamed.post(PAGE, {**forms_of("program", "programmet", "programmer"), "seen": opened}).status_code == 302
    assert renamed.post(PAGE, {**forms_of("strategi", "strategien", "strategier"), "seen": opened}).status_code == 409


def test_a_word_of_ones_own_needs_its_other_forms_and_the_usual_one_does_not(visit, cast):
    client, before = visit(cast.it), Tenant.objects.get(slug="thisted").terms
    answer = client.post(PAGE, {"coordinator": "SSP-koordinator", "seen": hidden(client.get(PAGE))})
    html = answer.content.decode()
    assert answer.status_code == 422 and "Skriv også den bestemte form" in html and "Skriv også flertal" in html
    assert Tenant.objects.get(slug="thisted").terms == before
    assert client.post(PAGE, {"coordinator": "SSP-konsulent", "seen": hidden(client.get(PAGE))}).status_code == 302
