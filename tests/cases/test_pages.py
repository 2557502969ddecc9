"""What stands on the list, the case and its document, and what does not."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from access.gate import open_ticket
from access.models import LogEntry, Purpose
from cases.actions import create_case
from cases.models import Case, PersonData
from tests.cases.conftest import reads


@pytest.fixture
def names(as_actor, cast):
    """Every name of a person discussed in Thisted, and their families'."""
    with as_actor(cast.konsulent) as actor:
        open_ticket(actor, Case, Case.objects.values_list("person_id", flat=True), purpose=Purpose.OTHER, note="test")
        people = list(PersonData.objects.all())
        assert len(people) > 10
        return [person.name for person in people] + [person.parents for person in people if person.parents]


@pytest.mark.parametrize("url", ["/thisted/sager/", "/thisted/sager/?vis=afsluttede", "/thisted/", "/thisted/moeder/"])
def test_no_list_names_anybody(cast, visit, names, url):
    page = visit(cast.konsulent).get(url).content.decode()
    assert not [name for name in names if name in page]


def test_the_list_shows_numbers_and_needs_no_ticket(cast, visit, noah, log):
    before = len(reads(log()))
    assert noah.case.number in visit(cast.konsulent).get("/thisted/sager/").content.decode()
    assert len(reads(log())) == before


def test_late_follow_ups_come_first(cast, visit):
    days = [case.follow_up_on for case in visit(cast.konsulent).get("/thisted/sager/").context["page_obj"]]
    known = [day for day in days if day]
    assert known == sorted(known) and days[: len(known)] == known and known[0] < timezone.localdate()


def test_closed_cases_have_their_own_list(cast, visit):
    closed = visit(cast.konsulent).get("/thisted/sager/?vis=afsluttede").context["page_obj"]
    assert {case.status for case in closed} == {"CLOSED"}


def test_in_each_kommune_one_sees_its_own_cases(cast, visit):
    client = visit(cast.fnt)
    here, there = (set(client.get(f"/{slug}/sager/").context["page_obj"]) for slug in ("thisted", "morsoe"))
    assert here and there and not here & there


def grow(cast, as_actor, noah, count):
    with as_actor(cast.konsulent) as actor:
        for _ in range(count):
            create_case(noah.case.forum, actor=actor, values={**noah.values, "cpr": ""})


@pytest.mark.parametrize("url", ["/thisted/sager/"])
def test_the_list_asks_the_same_for_one_and_for_thirty(cast, visit, as_actor, noah, url):
    client = visit(cast.konsulent)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    grow(cast, as_actor, noah, 30)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


WALLS = ("set_config", "SAVEPOINT", "audit.missing", "django_session", 'INSERT INTO "audit"', "UNION ALL")


@pytest.mark.parametrize("page", ["", "droeftelse/"])
def test_the_pages_of_a_case_keep_within_their_budget(cast, through_gate, noah, meeting_of, page):
    client = through_gate(cast.konsulent, noah)
    url = noah.url + (f"{page}{meeting_of(noah).meeting.public_id}/" if page else "")
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        response = client.get(url)
    asked = [query["sql"] for query in found if not any(word in query["sql"] for word in WALLS)]
    assert len(asked) - 1 <= 12, "\n".join(asked)  # one of them is who is logged in
    assert response.status_code == 200 and len(response.content) < 30_000


def test_the_title_is_the_number_alone(cast, through_gate, noah):
    page = through_gate(cast.konsulent, noah).get(noah.url).content.decode()
    title = page[page.index("<title>") : page.index("</title>")]
    assert f"Sag {noah.case.number}" in title and noah.name not in title


def test_the_case_tells_who_has_access_and_who_has_seen(cast, through_gate, noah):
    through_gate(cast.fnt, noah, "follow_up").get(noah.url)
    response = through_gate(cast.konsulent, noah).get(noah.url)
    assert {seat.user for seat in response.context["holders"]} >= {cast.konsulent, cast.fnt, cast.gade}
    assert cast.chef not in {seat.user for seat in response.context["holders"]}
    seen = {(line.look.actor_id, line.look.purpose) for line in response.context["seen"]}
    assert {(cast.konsulent.pk, "meeting"), (cast.fnt.pk, "follow_up")} <= seen


def test_facts_and_assessments_stand_apart_with_who_was_present(cast, through_gate, noah):
    response = through_gate(cast.konsulent, noah).get(noah.url)
    said = response.context["file"].discussions
    assert len(said) == 4 and all(line.discussion.facts and line.discussion.assessment and line.present for line in said)
    assert response.content.decode().count("Faktiske oplysninger") == 4


def test_the_number_is_masked_until_it_is_asked_for(cast, through_gate, noah):
    assert len(noah.cpr) == 10
    page = through_gate(cast.konsulent, noah).get(noah.url).content.decode()
    assert f"{noah.cpr[:6]}-••••" in page
    assert noah.cpr not in page and noah.cpr[6:] not in page.replace(f"{noah.cpr[:6]}-••••", "")


def test_showing_the_number_is_an_act_of_its_own_and_lasts_one_page(cast, through_gate, noah, log):
    client = through_gate(cast.konsulent, noah)
    before = len(log())
    shown = client.post(noah.url + "cpr/")
    assert f"{noah.cpr[:6]}-{noah.cpr[6:]}" in shown.content.decode() and shown["Cache-Control"] == "no-store"
    (row,) = log()[before:]
    assert (row.action, row.subjects, row.route) == (LogEntry.Action.UNMASK, [noah.case.person_id], "case_cpr")
    assert noah.cpr[6:] not in client.get(noah.url).content.decode()


def test_the_number_cannot_be_fetched_by_an_address(cast, through_gate, noah):
    assert through_gate(cast.konsulent, noah).get(noah.url + "cpr/").status_code == 405


def test_the_document_is_marked_with_reader_and_time_on_every_page_and_logged(cast, through_gate, noah, log):
    client = through_gate(cast.konsulent, noah)
    before = len(log())
    response = client.get(noah.url + "sag.pdf")
    (row,) = log()[before:]
    assert (row.action, row.subjects, row.actor_id) == (LogEntry.Action.DOCUMENT, [noah.case.person_id], cast.konsulent.pk)
    assert response["Content-Disposition"] == f'inline; filename="sag-{noah.case.number}.pdf"' and response["Cache-Control"] == "no-store"
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(response.content)).pages]
    clock = timezone.localtime().strftime("%H")
    assert len(pages) > 1
    assert all(cast.konsulent.name in page and f"kl. {int(clock)}" in page.replace("\xa0", " ") for page in pages)
    assert noah.name in pages[0] and noah.cpr not in "".join(pages) and noah.cpr[6:] not in "".join(pages)
