"""The PDF, what changed, how many queries, two approvers at the same moment, and the parts of Min uge."""

import io
import threading
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from access.models import LogEntry
from plans import actions, parts
from plans.completeness import missing
from plans.content import digest, fields_of, plan_content, rows_of
from plans.differences import changes, passages, word_runs
from plans.models import Milestone, Plan, PlanTemplate, PlanVersion
from plans.periods import anniversaries, next_starts
from tests.plans.world import approved, url, waiting


@pytest.fixture
def plans(cast, as_actor):
    with as_actor(cast.konsulent):
        return {"approved": approved(), "waiting": waiting()}


def text_of(response) -> str:
    assert response["Content-Type"] == "application/pdf"
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages).split())


# ---- PDF ------------------------------------------------------------------------------------------------------------
def test_the_pdf_holds_every_field_and_the_approval(cast, visit, plans, as_actor):
    text = text_of(visit(cast.elev).get(url(plans["approved"], "plan.pdf")))
    assert "Godkendt den 31. januar 2024 på Lokalråd" in text
    with as_actor(cast.konsulent):
        content = plans["approved"].versions.get().content
    for initiative in content["initiatives"]:
        assert initiative["title"] in text
        for field in initiative["texts"]:
            assert field["label"] in text
            assert " ".join(field["text"].split())[:40] in text
        for step in initiative["milestones"]:
            assert step["text"][:30] in text
    assert "Kladde" not in text


def lines_of(page) -> list[tuple[float, float, str]]:
    """The lines between the running lines, from the top: how far down the page (0 to 1), size of the letters in points, font."""
    found = []

    def note(text, scale, matrix, font, size):
        place = matrix[5] * scale[0] / float(page.mediabox.height)  # WeasyPrint reckons from the top
        if text.strip() and 0.08 < place < 0.92:
            found.append((place, size * scale[0], str(font["/BaseFont"])))

    page.extract_text(visitor_text=note)
    return sorted(found)


@pytest.mark.parametrize("which", ["approved", "waiting"])
def test_pages_are_filled_and_no_heading_stands_at_the_foot(cast, visit, plans, which):
    pages = [lines_of(page) for page in PdfReader(io.BytesIO(visit(cast.konsulent).get(url(plans[which], "plan.pdf")).content)).pages]
    assert 4 <= len(pages) <= 8
    assert any("Bold" in font and size > 10 for _place, size, font in pages[1]), "headings are known by their letters"
    for lines in pages[1:-1]:  # the cover and the end are as they are
        place, size, font = lines[-1]
        assert place > 0.7, "much of the page is empty"
        assert not ("Bold" in font and size > 10), "a heading without its text"


def test_a_draft_says_so_on_every_page(cast, visit, plans):
    text = text_of(visit(cast.chef).get(url(plans["waiting"], "plan.pdf")))
    assert text.count("Kladde, version 1") > 2
    assert "Godkendt den" not in text


def test_the_pdf_is_written_down_as_a_document(cast, visit, plans, log):
    visit(cast.elev).get(url(plans["approved"], "plan.pdf"))
    last = [row for row in log() if row.action == LogEntry.Action.DOCUMENT][-1]
    assert (last.actor_id, last.object_id) == (cast.elev.pk, plans["approved"].pk)


# ---- what changed ---------------------------------------------------------------------------------------------------
def test_words_are_compared_one_by_one():
    runs = word_runs("Alle skoler har en kontakt senest 1. november 2026.", "Alle skoler har en kontakt senest 15. december 2026.")
    assert [run for run in runs if run.kind != "same"] == [("del", "1."), ("ins", "15."), ("del", "november"), ("ins", "december")]


@pytest.mark.parametrize(("old", "new"), [("", "Ny"), ("Gammel", ""), ("Helt andre ord her", "Noget ganske nyt står nu"), ("a  b\nc", "a b\n\nc"), ("ens", "ens")])
def test_both_texts_can_be_read_back_from_the_difference(old, new):
    runs = word_runs(old, new)
    assert "".join(run.text for run in runs if run.kind != "ins") == old
    assert "".join(run.text for run in runs if run.kind != "del") == new


def test_only_what_differs_is_a_change(cast, as_actor):
    with as_actor(cast.konsulent):
        old = plan_content(approved())
    new = {
        **old,
        "initiatives": [
            {**part, "texts": [{**field, "text": field["text"] + (" Mere." if field["key"] == "maal" else "")} for field in part["texts"]]} for part in old["initiatives"]
        ],
    }
    assert changes(passages(old, old)) == []
    assert [(passage.heading, passage.label) for passage in changes(passages(old, new))] == [(part["title"], "Mål") for part in old["initiatives"]]


def test_the_page_compares_a_new_version_with_the_approved_one(cast, visit, plans, as_actor):
    with as_actor(cast.konsulent) as actor:
        copy = actions.reopen_plan(plans["approved"], actor=actor)
        first = copy.initiatives.first()
        first.texts["maal"] += " Også på ungdomsuddannelserne."
        first.save()
    page = visit(cast.fnt).get(url(copy, "forskel/"))
    assert len(page.context["changes"]) == 1
    assert page.context["old"].plan_id == plans["approved"].pk
    assert "ungdomsuddannelserne." in page.content.decode() and "<ins>" in page.content.decode()


def test_a_comparison_never_shows_a_draft_to_others(cast, visit, plans, as_actor):
    with as_actor(cast.konsulent) as actor:
        copy = actions.reopen_plan(plans["approved"], actor=actor)
    assert visit(cast.elev).get(url(copy, "forskel/")).status_code == 404
    assert visit(cast.elev).get(url(plans["approved"], "forskel/?med=999999")).status_code == 200


# ---- rules of the template ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("today", "parity", "expected"),
    [
        (date(2026, 11, 22), "odd", [2025, 2027, 2029]),
        (date(2027, 2, 1), "odd", [2027, 2029, 2031]),
        (date(2027, 1, 31), "odd", [2025, 2027, 2029]),
        (date(2026, 11, 22), "even", [2026, 2028, 2030]),
        (date(2026, 11, 22), "", [2025, 2026, 2027, 2028]),
        (date(2026, 11, 22), "4", [2023, 2024, 2025, 2026, 2027, 2028]),  # of four years, any of them: the coming ones too
    ],
)
def test_periods_begin_in_the_templates_month_and_parity(today, parity, expected):
    years, parity = (4, "") if parity == "4" else (2, parity)
    template = PlanTemplate(period_years=years, start_month=2, start_parity=parity)
    assert [start.year for start in next_starts(template, today)] == expected


def test_follow_up_days():
    assert anniversaries(date(2024, 1, 31), date(2026, 1, 30), 12) == [date(2025, 1, 28), date(2026, 1, 28)]
    assert anniversaries(date(2025, 2, 1), date(2027, 1, 31), 6) == [date(2025, 8, 1), date(2026, 2, 1), date(2026, 8, 1)]
    assert anniversaries(date(2025, 2, 1), date(2027, 1, 31), 0) == []


def test_the_demo_plan_lacks_nothing(cast, as_actor):
    with as_actor(cast.konsulent):
        plan = waiting()
        assert missing(plan, fields_of(plan), rows_of(plan)) == []


# ---- Min uge --------------------------------------------------------------------------------------------------------
class Request:
    def __init__(self, actor):
        self.actor = actor


def test_the_plan_waits_for_those_who_may_approve_it(cast, as_actor, plans):
    for user, expected in ((cast.chef, True), (cast.vpi, True), (cast.konsulent, False), (cast.fnt, False), (cast.elev, False)):
        with as_actor(user) as actor:
            assert bool(parts.waiting(Request(actor))) is expected


def test_next_milestones_are_late_or_near_and_not_reached(cast, as_actor):
    with as_actor(cast.konsulent) as actor, CaptureQueriesContext(connection) as queries:
        found = parts.next_milestones(Request(actor))["milestones"]
    assert found and all(step.status != Milestone.Status.REACHED for step in found)
    assert found[0].is_overdue
    assert len([query for query in queries if "plans_milestone" in query["sql"]]) == 1
    with as_actor(cast.elev) as actor:
        assert parts.next_milestones(Request(actor)) is None


# ---- cost -----------------------------------------------------------------------------------------------------------
def count(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("tail", ["", "rediger/", "forskel/"])
def test_queries_do_not_grow_with_the_milestones(cast, visit, as_actor, plans, tail):
    with as_actor(cast.konsulent) as actor:
        plan = actions.reopen_plan(plans["approved"], actor=actor)
        first = plan.initiatives.first()
        Milestone.objects.filter(plan=plan).exclude(pk=plan.milestones.first().pk).delete()
    client = visit(cast.konsulent)
    address = url(plan, f"{tail}?indsats={first.public_id}" if tail == "rediger/" else tail)
    few = count(client, address)
    with as_actor(cast.konsulent):
        for number in range(2, 31):
            Milestone.objects.create(tenant_id=plan.tenant_id, plan=plan, initiative=first, order=number, text=f"Delmål {number}", due_on=date(2027, 1, 1))
    assert count(client, address) == few
    assert few <= 12 + 8, "the page's own queries beside the walls and the session"


# ---- two at the same moment -----------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_the_same_moment_one_wins():
    from django.contrib.auth import get_user_model
    from django.db import connection as own

    from access.context import actor_of, context_of

    users = {name: get_user_model().objects.get(email__startswith=name) for name in ("hanne.kirkevang", "ditte.havmark")}
    chair = get_user_model().objects.get(pk=_chair())
    with context_of(actor_of(users["ditte.havmark"], "thisted")):
        plan = waiting()
        seen = digest(plan_content(plan))
    results, together = [], threading.Barrier(2)

    def approve(user):
        try:
            actor = actor_of(user, "thisted")
            together.wait(10)
            with context_of(actor):
                actions.approve_plan(plan, actor=actor, seen=seen)
            results.append("approved")
        except actions.PlanStateError as error:
            results.append(str(error))
        finally:
            own.close()

    threads = [threading.Thread(target=approve, args=(user,)) for user in (users["hanne.kirkevang"], chair)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["En anden kom før dig: Planen er nu »Godkendt«.", "approved"]
    with context_of(actor_of(users["ditte.havmark"], "thisted")):
        assert PlanVersion.objects.filter(plan=plan).count() == 1
        assert Plan.objects.get(pk=plan.pk).decisions.filter(step="APPROVED").count() == 1


def _chair() -> int:
    """The chair of the Lokalråd in Thisted, by the demo's file."""
    from access.models import User
    from ssp.demo.load import read_demo

    email = next(row["email"] for row in read_demo("thisted")["users"] if row["key"] == "vpi")
    return User.objects.get(email=email).pk
