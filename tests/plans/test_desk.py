"""The work desk: saving a part, two people at once, rows, and what may not be written in a plan."""

import pytest
from django.db import DatabaseError, transaction

from access.roles import Verb
from plans import actions, editing
from plans.content import part_version
from plans.editing import PartInput
from plans.models import Initiative, Milestone, Plan
from tests import harness
from tests.plans.world import approved, url, waiting


@pytest.fixture
def draft(cast, as_actor):
    """The plan that waited, sent back: it may be written in."""
    with as_actor(cast.chef) as chef:
        plan = waiting()
        actions.send_back(plan, actor=chef, comment="Ret.")
    with as_actor(cast.konsulent):
        return Plan.objects.get(pk=plan.pk)


@pytest.fixture
def desk(cast, visit):
    return visit(cast.konsulent)


def first(plan) -> Initiative:
    return plan.initiatives.prefetch_related("milestones", "prevention_levels").first()


def filled(page) -> dict[str, object]:
    """What a browser sends back when nothing is changed."""
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    return {**data, "levels": form["levels"].value() if "levels" in form.fields else [], "version": form.version}


def part_url(plan, initiative) -> str:
    return url(plan, f"rediger/?indsats={initiative.public_id}")


def read(cast, as_actor, question):
    with as_actor(cast.konsulent):
        return question()


def test_every_field_of_the_template_is_on_the_desk(cast, desk, draft, as_actor):
    initiative = read(cast, as_actor, lambda: first(draft))
    page = desk.get(part_url(draft, initiative)).content.decode()
    texts = ("Intro", "Formål", "Mål", "Delmål", "Primær målgruppe", "Sekundær målgruppe", "Organisering og forankring", "Tidsperspektiv", "Afsatte ressourcer")
    for label in (*texts, "Opfølgning og evaluering"):
        assert label in page
    assert "Baggrund og kriminalitetssituation" in desk.get(url(draft, "rediger/")).content.decode()


def test_saving_stores_texts_levels_and_milestones(cast, desk, draft, as_actor):
    initiative = read(cast, as_actor, lambda: first(draft))
    address = part_url(draft, initiative)
    page = desk.get(address)
    step = page.context["milestone_rows"][0]["key"]
    levels = [str(level.pk) for level in page.context["form"].fields["levels"].queryset]
    data = {**filled(page), "title": "Nyt navn", "text_maal": "Linje 1\r\nLinje 2", "levels": levels, f"{step}-text": "Nyt delmål", f"{step}-due_on": "2027-05-01"}
    assert desk.post(address, data).status_code == 302
    saved = read(cast, as_actor, lambda: first(draft))
    assert (saved.title, saved.texts["maal"]) == ("Nyt navn", "Linje 1\nLinje 2")
    assert len(saved.prevention_levels.all()) == len(levels)
    assert [(row.text, row.due_on.isoformat()) for row in saved.milestones.all() if row.public_id == step] == [("Nyt delmål", "2027-05-01")]


def test_autosave_answers_the_next_version(cast, desk, draft, as_actor):
    address = part_url(draft, read(cast, as_actor, lambda: first(draft)))
    data = filled(desk.get(address))
    one = desk.post(address, {**data, "text_maal": "A"}, headers={"X-Autosave": "1"})
    two = desk.post(address, {**data, "text_maal": "B", "version": one["X-Version"]}, headers={"X-Autosave": "1"})
    assert (one.status_code, two.status_code) == (204, 204)
    assert one["X-Version"] != two["X-Version"]


def test_two_people_never_overwrite_each_other(cast, desk, draft, as_actor):
    initiative = read(cast, as_actor, lambda: first(draft))
    address = part_url(draft, initiative)
    mine = filled(desk.get(address))
    assert desk.post(address, {**mine, "text_maal": "Den andens tekst"}).status_code == 302
    late = desk.post(address, {**mine, "text_maal": "Min tekst"}, headers={"X-Autosave": "1"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "Den andens" in page and "Min" in page and "<del>" in page and "<ins>" in page
    assert read(cast, as_actor, lambda: first(draft).texts["maal"]) == "Den andens tekst"


def test_the_conflict_can_be_settled_for_ones_own_text(cast, desk, draft, as_actor):
    initiative = read(cast, as_actor, lambda: first(draft))
    address = part_url(draft, initiative)
    mine = filled(desk.get(address))
    desk.post(address, {**mine, "text_maal": "Den andens tekst"})
    late = desk.post(address, {**mine, "text_maal": "Min tekst"})
    assert late.status_code == 409
    assert desk.post(address, {**mine, "text_maal": "Min tekst", "keep": late.context["keep"]}).status_code == 302
    assert read(cast, as_actor, lambda: first(draft).texts["maal"]) == "Min tekst"


def test_the_same_text_twice_is_no_conflict(cast, desk, draft, as_actor):
    address = part_url(draft, read(cast, as_actor, lambda: first(draft)))
    data = {**filled(desk.get(address)), "text_maal": "Gemt, men svaret kom ikke frem"}
    answers = [desk.post(address, data, headers={"X-Autosave": "1"}).status_code for _ in range(2)]
    assert answers == [204, 204]


@pytest.mark.parametrize("number", ["320611-1234", "320611 1234", "3206111234", "Barnet (320611–1234) er nævnt"])
@pytest.mark.parametrize("field", ["title", "text_maal", "milestone"])
def test_what_looks_like_a_cpr_number_is_refused(cast, desk, draft, as_actor, number, field):
    initiative = read(cast, as_actor, lambda: first(draft))
    address = part_url(draft, initiative)
    page = desk.get(address)
    name = f"{page.context['milestone_rows'][0]['key']}-text" if field == "milestone" else field
    response = desk.post(address, {**filled(page), name: number})
    assert response.status_code == 422
    assert "ligner et CPR-nummer" in response.content.decode()
    assert number not in str(read(cast, as_actor, lambda: [first(draft).title, first(draft).texts]))


@pytest.mark.parametrize("text", ["2026–2028", "I 2024 og 2025 deltog 1.140 elever.", "Tlf. 99 17 17 17", "Kr. 1.250.000", "2024-01-31"])
def test_ordinary_figures_are_welcome(cast, desk, draft, as_actor, text):
    address = part_url(draft, read(cast, as_actor, lambda: first(draft)))
    assert desk.post(address, {**filled(desk.get(address)), "text_maal": text}).status_code == 302


def test_a_draft_may_have_empty_fields_but_shows_what_is_missing(cast, desk, draft, as_actor):
    initiative = read(cast, as_actor, lambda: first(draft))
    address = part_url(draft, initiative)
    assert desk.post(address, {**filled(desk.get(address)), "text_ressourcer": ""}).status_code == 302
    assert f"{initiative.title}: Afsatte ressourcer mangler" in desk.get(address).content.decode()
    sent = desk.post(url(draft, "send/"), {"to": "lokalraad"})
    assert sent.status_code == 422 and "Planen kan ikke sendes endnu" in sent.content.decode()


def test_a_milestone_is_added_moved_and_taken_out(cast, desk, draft, as_actor):
    initiative = read(cast, as_actor, lambda: first(draft))
    address = part_url(draft, initiative)

    def press(wish):
        assert desk.post(address, {**filled(desk.get(address)), "do": wish}).status_code == 302
        return read(cast, as_actor, lambda: [row.public_id for row in Milestone.objects.filter(initiative=initiative)])

    before = press("")
    added = press("add")
    assert added[:-1] == before
    assert press(f"up:{added[-1]}") == [*before[:-1], added[-1], before[-1]]
    assert press(f"down:{added[-1]}") == added
    assert press(f"down:{added[-1]}") == added, "the last one stays where it is"
    assert press(f"remove:{added[-1]}") == before


def test_indsatser_are_added_up_to_the_templates_number_and_taken_out(cast, desk, draft, as_actor):
    def titles():
        return read(cast, as_actor, lambda: [row.title for row in draft.initiatives.all()])

    full = titles()
    desk.post(url(draft, "indsatser/"), {"do": "add"})
    assert titles() == full, "three are the most"
    last = read(cast, as_actor, lambda: draft.initiatives.last())
    desk.post(url(draft, "indsatser/"), {"do": f"up:{last.public_id}"})
    assert titles() == [full[0], full[2], full[1]]
    desk.post(url(draft, "indsatser/"), {"do": f"remove:{last.public_id}"})
    assert titles() == full[:2]
    desk.post(url(draft, "indsatser/"), {"do": "add"})
    assert titles() == [*full[:2], "Indsats 3"]


@pytest.mark.parametrize("wish", ["up:nope", "remove:", "remove:\x00", "fly:me", ""])
def test_a_wish_that_makes_no_sense_is_404(desk, draft, wish):
    assert desk.post(url(draft, "indsatser/"), {"do": wish}).status_code == 404


def test_an_indsats_of_another_plan_is_not_found_here(cast, desk, draft, as_actor):
    foreign = read(cast, as_actor, lambda: approved().initiatives.first())
    assert desk.get(part_url(draft, foreign)).status_code == 404
    assert desk.post(url(draft, "indsatser/"), {"do": f"remove:{foreign.public_id}"}).status_code == 404


def test_what_the_lokalraad_has_is_closed(cast, desk, as_actor):
    plan = read(cast, as_actor, waiting)
    initiative = read(cast, as_actor, lambda: first(plan))
    assert desk.get(url(plan, "rediger/")).status_code == 302
    response = desk.post(part_url(plan, initiative), {"title": "Ændret"}, headers={"X-Autosave": "1"})
    assert response.status_code == 409 and "Teksten kan ikke rettes" in response.content.decode()
    assert read(cast, as_actor, lambda: first(plan).title) == initiative.title


def test_approved_text_cannot_be_edited_by_any_action(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        plan = approved()
        initiative = first(plan)
        step = initiative.milestones.first()
        for write in (
            lambda: editing.save_part(plan, initiative, PartInput("x", {}), actor=actor, version=part_version(initiative)),
            lambda: editing.save_part(plan, plan, PartInput("x", {}), actor=actor, version=part_version(plan)),
            lambda: editing.add_initiative(plan, actor=actor),
            lambda: editing.remove_initiative(initiative, actor=actor),
            lambda: editing.move_initiative(initiative, actor=actor, by=1),
            lambda: editing.add_milestone(initiative, actor=actor),
            lambda: editing.remove_milestone(step, actor=actor),
            lambda: editing.move_milestone(step, actor=actor, by=1),
        ):
            with pytest.raises(actions.PlanStateError):
                write()


def test_the_page_shows_the_frozen_text_whatever_stands_in_the_rows(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        plan = approved()
        Initiative.objects.filter(plan=plan).update(title="Ændret bag om ryggen", texts={"maal": "Ændret"})
    page = visit(cast.elev).get(url(plan)).content.decode()
    assert "Social pejling" in page and "Ændret" not in page


def test_the_app_cannot_change_a_frozen_text(cast, as_actor):
    with as_actor(cast.konsulent):
        version = approved().versions.get()
        version.content["title"] = "Falsk"
        with pytest.raises(DatabaseError), transaction.atomic():
            version.save(update_fields=["content"])


def test_a_frozen_text_that_somebody_changed_in_the_database_is_noticed(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        plan = approved()
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update plans_planversion set content = jsonb_set(content, '{title}', '\"Falsk\"')")
        try:
            page = visit(cast.elev).get(url(plan)).content.decode()
        finally:
            conn.execute("update plans_planversion set content = jsonb_set(content, '{title}', to_jsonb(%s::text))", [plan.title])
    assert "ikke længere den kontrolsum" in page


# ---- follow-up ------------------------------------------------------------------------------------------------------
def test_status_is_follow_up_and_open_after_approval(cast, desk, as_actor):
    plan = read(cast, as_actor, approved)
    page = desk.get(url(plan))
    step = read(cast, as_actor, lambda: plan.milestones.get(status="DELAYED"))
    data = {"seen": page.context["statuses_seen"], step.public_id: "REACHED"}
    assert desk.post(url(plan, "delmaal/"), data).status_code == 302
    assert read(cast, as_actor, lambda: plan.milestones.get(pk=step.pk).status) == "REACHED"
    again = desk.post(url(plan, "delmaal/"), {**data, step.public_id: "DELAYED"})
    assert again.status_code == 409 and "En anden har rettet en status" in again.content.decode()
    assert read(cast, as_actor, lambda: plan.milestones.get(pk=step.pk).status) == "REACHED"


def test_a_status_that_does_not_exist_changes_nothing(cast, desk, as_actor):
    plan = read(cast, as_actor, approved)
    seen = desk.get(url(plan)).context["statuses_seen"]
    step = read(cast, as_actor, lambda: plan.milestones.first())
    assert desk.post(url(plan, "delmaal/"), {"seen": seen, step.public_id: "FLYING"}).status_code == 302
    assert read(cast, as_actor, lambda: plan.milestones.first().status) == step.status


def test_statuses_are_for_those_who_write_the_plan(cast, visit, as_actor):
    plan = read(cast, as_actor, approved)
    assert "Ret status" not in visit(cast.chef).get(url(plan)).content.decode()
    assert visit(cast.chef).post(url(plan, "delmaal/"), {}).status_code == 404


def test_a_follow_up_is_written_once(cast, desk, as_actor):
    plan = read(cast, as_actor, approved)
    row = read(cast, as_actor, lambda: plan.follow_ups.filter(is_done=False).first())
    address = url(plan, f"opfoelgning/{row.public_id}/")
    assert desk.post(address, {"text": ""}).status_code == 422
    assert desk.post(address, {"text": "Alle skoler er med."}).status_code == 302
    assert "Alle skoler er med." in desk.get(url(plan)).content.decode()
    assert desk.post(address, {"text": "Igen"}).status_code == 404


def test_new_plan_page_offers_the_templates_periods(cast, desk, as_actor):
    page = desk.get("/thisted/handleplaner/ny/")
    form = page.context["form"]
    choices = [key for key, _label in form.fields["period_from"].choices]
    assert choices and all(int(key[:4]) % 2 == 1 and key.endswith("-02-01") for key in choices)
    old = read(cast, as_actor, approved)
    ids = {"template": old.template_id, "forum": old.forum_id, "approving_forum": old.approving_forum_id}
    assert desk.post("/thisted/handleplaner/ny/", {**ids, "period_from": choices[-1]}).status_code == 302
    assert desk.post("/thisted/handleplaner/ny/", {**ids, "period_from": choices[-1]}).status_code == 422
    assert desk.post("/thisted/handleplaner/ny/", {**ids, "period_from": "2030-01-01"}).status_code == 422


def test_only_writers_begin_plans(cast, visit, actor_for):
    assert not actor_for(cast.fnt).holds(Verb.EDIT_PLANS)
    assert visit(cast.fnt).get("/thisted/handleplaner/ny/").status_code == 404
