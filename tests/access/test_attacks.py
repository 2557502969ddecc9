"""What somebody with bad intentions would try: each must fail (THREAT_MODEL.md)."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from pypdf import PdfReader

from access.models import LogEntry
from access.roles import ForumKind, SeatRole, Verb
from cases.agenda_actions import put_on_agenda, take_off_agenda
from cases.models import AdHocGrant, Case, CaseItem
from meetings.models import AgendaItem, Meeting
from municipalities.actions import add_seat, write_forum_rights
from municipalities.models import Forum, Organisation, Tenant
from municipalities.presets import setup_actor
from tests.cases.conftest import know, through_gate  # noqa: F401  # fixtures
from tests.conftest import acting

NUMBER = "310299-4321"  # looks like a CPR number; there is no 31 February


@pytest.mark.parametrize("path", ["", "sager/", "adgangslog/", "moeder/", "organisation/", "aftaler/"])
def test_no_page_of_a_kommune_is_kept_by_the_browser(cast, visit, path):
    assert "no-store" in visit(cast.konsulent).get(f"/thisted/{path}").headers.get("Cache-Control", "")


def test_a_form_with_a_name_in_it_is_not_kept_when_it_comes_back_with_an_error(cast, visit):
    answer = visit(cast.konsulent).post("/thisted/sager/ny/", {"name": "Ada Prøvesen"})
    assert (answer.status_code, "Ada Prøvesen" in answer.content.decode()) == (422, True)
    assert "no-store" in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("key", ["²", "9" * 40, "-1", "\x00"])
def test_demo_login_with_a_strange_key_is_404(client, settings, cast, key):
    settings.SSP_DEMO = True
    assert client.post("/konto/demo/", {"user": key}).status_code == 404


@pytest.mark.parametrize("query", ["fra=0001-01-01", "til=9999-12-31", "hvem=%00", "foer=99999999999999999999", "om=²"])
def test_a_strange_filter_of_the_log_is_no_server_error(cast, visit, query):
    assert visit(cast.dpo).get(f"/thisted/adgangslog/?{query}").status_code in (200, 422)


@pytest.mark.parametrize("path", ["aftaler/udfoert/", "sager/aftaler/udfoert/"])
@pytest.mark.parametrize("key", ["\x00", "x" * 500, "' or 1=1 --"])
def test_a_strange_key_of_an_agreement_is_404(cast, visit, path, key):
    assert visit(cast.konsulent).post(f"/thisted/{path}", {"aftale": key}).status_code == 404


@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01", "12021-01-01"])
def test_a_meeting_at_the_end_of_time_is_422(cast, visit, as_actor, date):
    with as_actor(cast.konsulent):
        meeting = Meeting.objects.select_related("forum").filter(status="CALLED").first()
    form = {"date": date, "time": "23:59", "duration": "600", "place": "x"}
    client = visit(cast.konsulent)
    assert client.post("/thisted/moeder/nyt/", {**form, "forum": meeting.forum.public_id}).status_code == 422
    assert client.post(f"/thisted/moeder/{meeting.public_id}/ret/", form).status_code == 422


@pytest.mark.parametrize(
    ("path", "field"),
    [("moeder/nyt/", "forum"), ("moeder/nyt/", "template"), ("sager/ny/", "forum"), ("handleplaner/ny/", "forum"), ("rapporter/bestil/", "period")],
)
@pytest.mark.parametrize("value", ["\x00", "9" * 40, "' or 1=1 --"])
def test_a_strange_choice_is_422(cast, visit, path, field, value):
    assert visit(cast.konsulent).post(f"/thisted/{path}", {field: value}).status_code == 422


def test_a_line_break_in_a_place_stays_inside_its_line_of_the_calendar(cast, as_actor, actor_for):
    from meetings.documents import invitation

    with as_actor(cast.konsulent):
        meeting = Meeting.objects.select_related("forum", "tenant").filter(status="CALLED").first()
        meeting.place = "Salen\r\nATTENDEE:mailto:evil@example.org\r\nBEGIN:VALARM"
        cast.konsulent.first_name = 'A"\r\nATTENDEE;X="B'
        content = invitation(meeting, cast.konsulent)
    lines = content.replace("\r\n ", "").split("\r\n")
    assert [line for line in lines if line.startswith(("ATTENDEE:", "ATTENDEE;X", "BEGIN:VALARM"))] == []


def test_a_grant_cannot_be_made_for_a_case_of_another_forum(cast, as_actor, actor_for):
    """Row security itself: whoever could insert such a row would be the guest of a case he may not see."""
    with as_actor(cast.konsulent):
        link = CaseItem.objects.select_related("item").first()
        elsewhere = Meeting.objects.exclude(forum_id=link.forum_id).values_list("forum_id", flat=True).first()
    member = replace(actor_for(cast.konsulent), forums={Verb.VIEW_CASES: frozenset({elsewhere}), Verb.VIEW_AGENDA: frozenset({elsewhere})})
    with acting(member), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        AdHocGrant(
            tenant_id=link.tenant_id, forum_id=elsewhere, case_id=link.case_id, item_id=link.item_id, meeting_id=link.meeting_id, user=cast.konsulent, reason="x",
            granted_by=cast.konsulent, valid_from=timezone.now(), valid_to=timezone.now() + timedelta(hours=1),
        ).save(force_insert=True)  # fmt: skip


def test_a_case_cannot_be_made_about_a_person_of_another_forum(cast, as_actor, actor_for):
    """Or whoever has a forum of his own would open any person of the kommune through a case he makes there."""
    with as_actor(cast.konsulent):
        known = Case.objects.first()
        elsewhere = Meeting.objects.exclude(forum_id=known.forum_id).values_list("forum_id", flat=True).first()
    member = replace(actor_for(cast.konsulent), forums={Verb.VIEW_CASES: frozenset({elsewhere})})
    with acting(member), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Case.objects.create(
            tenant_id=known.tenant_id, forum_id=elsewhere, person_id=known.person_id, number="2026-999", opened_on=known.opened_on,
            delete_on=known.delete_on, opened_by=cast.konsulent,
        )  # fmt: skip


def test_a_guest_changes_no_item(cast, as_actor):
    with as_actor(cast.konsulent):
        grant = AdHocGrant.objects.get(user=cast.laerer)
        AdHocGrant.objects.filter(pk=grant.pk).update(valid_from=Now() - timedelta(hours=1), valid_to=Now() + timedelta(hours=1))
    with as_actor(cast.laerer):
        assert AgendaItem.objects.filter(pk=grant.item_id).exists()
        assert AgendaItem.objects.filter(pk=grant.item_id).update(presenter="x") == 0


def test_the_minutes_as_a_document_stand_in_who_has_seen_each_case(cast, as_actor, visit):
    from access.log import entries_for_case

    with as_actor(cast.konsulent):
        links = list(CaseItem.objects.select_related("meeting").filter(meeting__status__in=["CLOSED", "APPROVED"]).order_by("meeting_id"))
        meeting = next(link.meeting for link in links if sum(other.meeting_id == link.meeting_id for other in links) > 1)
        cases = [link.case_id for link in links if link.meeting_id == meeting.pk]
    assert visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/referat.pdf").status_code == 200
    with as_actor(cast.konsulent):
        for case in cases:
            assert LogEntry.Action.DOCUMENT in [entry.action for entry in entries_for_case(case)], case


def test_what_is_typed_is_only_ever_text(cast, as_actor, visit):
    bad = "<img src=x onerror=alert(1)><link rel=attachment href=file:///etc/passwd>"
    with as_actor(cast.konsulent):
        meeting = Meeting.objects.filter(status="CALLED", starts_at__gt=timezone.now()).first()
    client = visit(cast.konsulent)
    answer = client.post(f"/thisted/moeder/{meeting.public_id}/punkter/", {"title": bad, "kind": "DROEFTELSE", "presenter": bad[:100], "duration": "10", "data_class": "INTERNAL"})
    assert answer.status_code == 302
    page = client.get(f"/thisted/moeder/{meeting.public_id}/").content.decode()
    assert "onerror" in page
    assert "<img src=x" not in page
    document = client.get(f"/thisted/moeder/{meeting.public_id}/dagsorden.pdf")
    assert document.status_code == 200
    assert b"/EmbeddedFile" not in document.content


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(cast, visit, know, target):  # noqa: F811
    case = know("014")
    client = visit(cast.konsulent)
    asked = {"purpose": "meeting", "next": target}
    for url, data in [(case.url + "formaal/", asked), ("/konto/sprog/", {"language": "da", "next": target})]:
        assert "evil" not in client.post(url, data).headers["Location"]


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"])
def test_lock_out_does_not_believe_a_forged_address(client, db, header):
    codes = [client.post("/konto/login/", {"login": f"nobody{n}@example.org", "password": "wrong"}, **{header: f"10.0.0.{n}"}).status_code for n in range(14)]
    assert codes[-1] == 429


def test_a_number_like_a_cpr_number_does_not_stand_on_an_agenda(cast, as_actor, visit):
    with as_actor(cast.konsulent):
        meeting = Meeting.objects.filter(status="CALLED", starts_at__gt=timezone.now()).first()
    client = visit(cast.konsulent)
    answer = client.post(f"/thisted/moeder/{meeting.public_id}/punkter/", {"title": f"Om {NUMBER}", "kind": "DROEFTELSE", "duration": "10", "data_class": "INTERNAL"})
    assert answer.status_code == 422


def test_a_guest_of_a_case_that_is_closed_sees_it_no_more(cast, as_actor, visit, know, through_gate):  # noqa: F811
    case = know("017")
    with as_actor(cast.konsulent):
        AdHocGrant.objects.filter(user=cast.laerer).update(valid_from=Now() - timedelta(hours=1), valid_to=Now() + timedelta(hours=1))
    assert visit(cast.laerer).get(case.url + "formaal/").status_code == 200
    client = through_gate(cast.konsulent, case)
    seen = client.get(case.url + "afslut/").context["form"]["seen"].value()
    assert client.post(case.url + "afslut/", {"delete_on": case.case.delete_on.isoformat(), "seen": seen}).status_code == 302
    assert visit(cast.laerer).get(case.url + "formaal/").status_code == 404


FRESH = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|DTSTAMP:\w*')
PAGES = ["moeder/{}/", "moeder/{}/dagsorden.pdf", "moeder/{}/kalender.ics", "moeder/", "", "organisation/", "aftaler/"]


def seen_by(client, meeting):
    """What one reader gets of a meeting, without what is new at each look."""
    answers = {page: client.get(f"/thisted/{page.format(meeting.public_id)}") for page in PAGES}
    texts = {page: pdf_text(answer) if answer.headers["Content-Type"] == "application/pdf" else FRESH.sub(b"", answer.content) for page, answer in answers.items()}
    return {page: (answers[page].status_code, dict(answers[page].headers) | {"Content-Length": ""}, texts[page]) for page in PAGES}


def pdf_text(answer):
    """The pages' texts, without the minute the document was made."""
    return [re.sub(r"\d\d?[.:]\d\d", "", page.extract_text()) for page in PdfReader(BytesIO(answer.content)).pages]


def seat_a_school_contact(user):
    """The forum of the cases becomes a mixed network with a school contact: he reads its agenda, and none of its cases."""
    tenant = Tenant.objects.get(slug="thisted")
    with acting(actor := setup_actor(tenant)):
        forum = Forum.objects.get(tenant=tenant, key="p115")
        forum.kind = ForumKind.NETVAERK
        forum.save()
        write_forum_rights(forum)
        school = Organisation.objects.filter(tenant=tenant, kind=Organisation.Kind.MUNICIPAL_SCHOOL).first()
        add_seat(forum, actor=actor, role=SeatRole.CONTACT, title="SSP-kontaktperson", organisation=school, user=user)


def test_the_closed_part_looks_the_same_with_no_case_and_with_many(cast, as_actor, visit):
    contact = cast.users["kontakt-klit"]
    seat_a_school_contact(contact)
    with as_actor(cast.konsulent) as actor:
        meeting = Meeting.objects.filter(status="CALLED", forum__key="p115").select_related("forum").first()
    readers = [contact, cast.chef, cast.it, cast.elev]
    before = [seen_by(visit(user), meeting) for user in readers]
    assert [seen["moeder/{}/"][0] for seen in before] == [200, 404, 404, 404]
    with as_actor(cast.konsulent) as actor:
        for link in CaseItem.objects.filter(meeting=meeting).select_related("meeting", "item", "case"):
            take_off_agenda(link, actor=actor)
    none = [seen_by(visit(user), meeting) for user in readers]
    with as_actor(cast.konsulent) as actor:
        for case in Case.objects.filter(forum_id=meeting.forum_id, status="OPEN").select_related("forum"):
            put_on_agenda(case, meeting, actor=actor, presenter="Karla Prøvesen", minutes=40)
    assert [seen_by(visit(user), meeting) for user in readers] == none == before
