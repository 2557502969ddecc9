"""The day of deletion: who sees that it has come, moving it, the reason for keeping a case longer, and what closing asks."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.gate import open_ticket
from access.models import Purpose
from access.policy import among
from access.roles import Verb
from cases import actions, deletion_actions, deletions
from cases.errors import CaseStateError
from cases.models import AdHocGrant, Case, CaseExtension
from tests.rules.crawl import readable

WHY = "Familien flytter til sommer, og indsatsen skal følges til ende"
LIST = "/thisted/sager/?vis=slettefrist"


@pytest.fixture
def due(cast, as_actor, noah):
    """Noah's case, whose day was yesterday."""
    with as_actor(cast.konsulent):
        Case.objects.filter(pk=noah.case.pk).update(delete_on=timezone.localdate() - timedelta(days=1), follow_up_on=None)
    return noah


@pytest.fixture
def now(cast, as_actor):
    def read(known):
        with as_actor(cast.konsulent):
            return Case.objects.get(pk=known.case.pk)

    return read


@pytest.fixture
def reasons(cast, as_actor):
    def read(known, user=None):
        with as_actor(user or cast.konsulent) as actor:
            open_ticket(actor, Case, [known.case.person_id], purpose=Purpose.OTHER, row=known.case, note="test")
            before = timezone.localdate() + timedelta(days=200)
            return [row.reason for row in CaseExtension.objects.filter(case=known.case, delete_after__gt=before)]

    return read


def in_days(count):
    return (timezone.localdate() + timedelta(days=count)).isoformat()


# ---- that it has come -----------------------------------------------------------------------------------------------
def test_min_uge_and_the_list_show_the_number_of_a_case_whose_day_has_come(cast, visit, due):
    client = visit(cast.konsulent)
    week, listed, first = (readable(client.get(address)) for address in ("/thisted/", LIST, "/thisted/sager/"))
    assert "Sager, der skal slettes" in week and due.case.number in week.split("Sager, der skal slettes")[1]
    assert due.case.number in listed and "Skal slettes nu" in listed and "sager skal slettes nu." in first
    assert not [text for text in (week, listed, first) if due.name in text]


def test_a_case_whose_day_has_not_come_is_not_among_them(cast, visit, noah):
    client = visit(cast.konsulent)
    week = readable(client.get("/thisted/"))
    assert noah.case.number not in readable(client.get(LIST)) and noah.case.number not in week.split("Sager, der skal slettes")[-1].split("</section>")[0]


def test_today_is_the_day(cast, as_actor, visit, noah):
    with as_actor(cast.konsulent):
        Case.objects.filter(pk=noah.case.pk).update(delete_on=timezone.localdate())
    assert noah.case.number in readable(visit(cast.konsulent).get(LIST))


@pytest.mark.parametrize("user", ["chef", "kontakt-klit", "elev", "dpo", "it"])
def test_who_opens_no_case_sees_nothing_of_it(cast, visit, due, user):
    client = visit(cast.users[user])
    assert "skal slettes" not in readable(client.get("/thisted/")) and client.get(LIST).status_code == 404
    for method in (client.get, client.post):
        assert method(due.url + "slettefrist/", {"delete_on": in_days(300), "reason": WHY}).status_code == 404


def test_many_cost_no_more_queries_than_few(cast, as_actor, visit, due):
    client = visit(cast.konsulent)

    def count(address):
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    addresses = ("/thisted/", LIST, "/thisted/sager/")
    for address in addresses:
        count(address)
    few = [count(address) for address in addresses]
    with as_actor(cast.konsulent):
        Case.objects.filter(forum=due.case.forum).update(delete_on=timezone.localdate())
    assert [count(address) for address in addresses] == few


def test_of_many_only_those_that_are_shown_are_read_and_all_are_counted(cast, as_actor, visit, monkeypatch):
    from_db, read, client = Case.from_db, [], visit(cast.konsulent)
    with as_actor(cast.konsulent) as actor:
        Case.objects.filter(forum__in=actor.forums_with(Verb.VIEW_CASES)).update(delete_on=timezone.localdate())
        due = len(among(actor, Verb.VIEW_CASES, Case.objects.filter(delete_on__lte=timezone.localdate())))
        monkeypatch.setattr(Case, "from_db", classmethod(lambda _cls, *args, **more: read.append(from_db(*args, **more)) or read[-1]))
        part = deletions.week_deletions(SimpleNamespace(actor=actor, tenant=SimpleNamespace(id=actor.tenant_id, slug="thisted")))
    assert len(read) == len(part["cases"]) == deletions.ROWS < part["count"] == due
    read.clear()
    listed = client.get("/thisted/sager/?vis=afsluttede").context
    assert listed["to_delete"] == due and len(read) == len(listed["page_obj"]) < due


# ---- moving it ------------------------------------------------------------------------------------------------------
def test_longer_needs_a_reason_which_stands_in_the_case_and_the_log_says_who(cast, through_gate, due, now, reasons, log):
    client = through_gate(cast.konsulent, due)
    assert client.post(due.url + "slettefrist/", {"delete_on": in_days(300)}).status_code == 422
    before = len(log())
    answer = client.post(due.url + "slettefrist/", {"delete_on": in_days(300), "reason": WHY})
    assert answer.status_code == 302 and now(due).delete_on.isoformat() == in_days(300) and reasons(due) == [WHY]
    new = log()[before:]
    [made] = [row for row in new if row.content_type.model == "caseextension"]
    assert (made.actor_id, made.subjects) == (cast.konsulent.pk, [due.case.person_id])
    assert [row for row in new if row.content_type.model == "case" and "delete_on" in (row.changes or {})]
    assert not [row for row in log() if WHY in f"{row.object_repr}{row.changes}{row.note}"]
    page = readable(client.get(due.url))
    assert WHY in page and cast.konsulent.name in page.split(WHY)[1]
    assert "forlænget slettefrist" not in readable(client.get("/thisted/"))


def test_nearer_needs_none(cast, through_gate, noah, now, reasons):
    assert through_gate(cast.fnt, noah).post(noah.url + "slettefrist/", {"delete_on": noah.case.follow_up_on.isoformat()}).status_code == 302
    assert now(noah).delete_on == noah.case.follow_up_on and reasons(noah) == []


@pytest.mark.parametrize(
    "data",
    [{}, {"delete_on": "snart", "reason": WHY}, {"delete_on": -1, "reason": WHY}, {"delete_on": 300}, {"delete_on": 300, "reason": "  "}, {"delete_on": 300, "reason": "x" * 301},
     {"delete_on": 300, "reason": "Se 010190-1234"}, {"delete_on": "9999-01-01", "reason": WHY}, {"delete_on": 0}, {"delete_on": "SAME"}],
)  # fmt: skip
def test_bad_input_changes_nothing(cast, through_gate, noah, now, reasons, data):
    day = data.get("delete_on")
    data = {**data, **({"delete_on": in_days(day)} if isinstance(day, int) else {}), **({"delete_on": noah.case.delete_on.isoformat()} if day == "SAME" else {})}
    assert through_gate(cast.konsulent, noah).post(noah.url + "slettefrist/", data).status_code == 422
    assert now(noah).delete_on == noah.case.delete_on and reasons(noah) == []


def test_of_two_at_once_the_second_is_told(cast, as_actor, noah):
    with as_actor(cast.konsulent) as actor:
        open_ticket(actor, Case, [noah.case.person_id], purpose=Purpose.OTHER, row=noah.case, note="test")
        day = timezone.localdate() + timedelta(days=400)
        deletion_actions.move_deletion(noah.case, actor=actor, delete_on=day, reason=WHY)
        with pytest.raises(CaseStateError):
            deletion_actions.move_deletion(noah.case, actor=actor, delete_on=day, reason=WHY)
        assert CaseExtension.objects.filter(case=noah.case, delete_after=day).count() == 1


def test_the_form_of_the_case_does_not_move_it(cast, through_gate, noah, now):
    client = through_gate(cast.konsulent, noah)
    page = client.get(noah.url + "ret/")
    assert "delete_on" not in page.context["form"].fields
    values = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in noah.values.items() if value is not None}
    assert client.post(noah.url + "ret/", {**values, "delete_on": in_days(900), "version": page.context["form"].initial["version"]}).status_code == 302
    assert now(noah).delete_on == noah.case.delete_on
    late = {**values, "follow_up_on": in_days(900), "version": client.get(noah.url + "ret/").context["form"].initial["version"]}
    assert client.post(noah.url + "ret/", late).status_code == 422, "the case is deleted before that day"


def test_closing_asks_the_same_and_not_of_who_closes_what_is_due(cast, through_gate, noah, know, as_actor, now, reasons):
    client, other = through_gate(cast.konsulent, noah), know("017")
    seen = client.get(noah.url + "afslut/").context["form"].initial["seen"]
    assert client.post(noah.url + "afslut/", {"delete_on": in_days(700), "seen": seen}).status_code == 422
    assert client.post(noah.url + "afslut/", {"delete_on": in_days(700), "seen": seen, "reason": WHY}).status_code == 302
    assert now(noah).delete_on.isoformat() == in_days(700) and reasons(noah) == [WHY]
    with as_actor(cast.konsulent) as actor:
        Case.objects.filter(pk=other.case.pk).update(delete_on=timezone.localdate() - timedelta(days=1))
        open_ticket(actor, Case, [other.case.person_id], purpose=Purpose.OTHER, row=other.case, note="test")
        assert actions.close_case(other.case, actor=actor, delete_on=timezone.localdate()).delete_on == timezone.localdate()


def test_a_closed_case_can_be_kept_longer_too(cast, through_gate, as_actor, noah, now, reasons):
    with as_actor(cast.konsulent):
        Case.objects.filter(pk=noah.case.pk).update(status="CLOSED", closed_on=timezone.localdate(), follow_up_on=None)
    assert through_gate(cast.fnt, noah).post(noah.url + "slettefrist/", {"delete_on": in_days(500), "reason": WHY}).status_code == 302
    assert now(noah).delete_on.isoformat() == in_days(500) and reasons(noah) == [WHY]


# ---- the wall -------------------------------------------------------------------------------------------------------
def test_a_reason_is_written_once_in_ones_own_name_and_not_without_a_ticket(cast, as_actor, noah, know):
    other = know("017")
    today = timezone.localdate()
    about = {"tenant_id": noah.case.tenant_id, "delete_before": today, "delete_after": today + timedelta(days=9), "reason": WHY}
    with as_actor(cast.konsulent) as actor:
        assert not CaseExtension.objects.exists()
        open_ticket(actor, Case, [noah.case.person_id, other.case.person_id], purpose=Purpose.OTHER, note="test")
        assert CaseExtension.objects.filter(case=noah.case).update(reason="x") == 0
        for case, person, user in ((noah.case, noah.case.person_id, cast.fnt), (noah.case, other.case.person_id, cast.konsulent)):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                CaseExtension(**about, case=case, person_id=person, extended_by=user).save(force_insert=True)
        CaseExtension(**about, case=noah.case, person_id=noah.case.person_id, extended_by=cast.konsulent).save(force_insert=True)


def test_the_database_keeps_no_case_longer_without_a_reason_of_its_own(cast, as_actor, noah):
    with as_actor(cast.konsulent) as actor:
        open_ticket(actor, Case, [noah.case.person_id], purpose=Purpose.OTHER, row=noah.case, note="test")
        rows, before = Case.objects.filter(pk=noah.case.pk), noah.case.delete_on
        after = max(before, timezone.localdate()) + timedelta(days=90)
        for day in (after, after + timedelta(days=1)):  # no reason; then one that is about other days
            with pytest.raises(IntegrityError, match="only with a reason"), transaction.atomic():
                rows.update(delete_on=day)
            CaseExtension(
                tenant_id=noah.case.tenant_id, case=noah.case, person_id=noah.case.person_id, delete_before=before, delete_after=after, reason=WHY, extended_by=cast.konsulent
            ).save(force_insert=True)
        assert rows.update(delete_on=after) == 1


def test_a_guest_reads_no_reason(cast, as_actor, through_gate, know):
    oliwia = know("017")
    with as_actor(cast.konsulent) as actor:
        grant = AdHocGrant.objects.get(user=cast.laerer, case=oliwia.case)
        AdHocGrant.objects.filter(pk=grant.pk).update(valid_from=Now(), valid_to=grant.valid_to)
        open_ticket(actor, Case, [oliwia.case.person_id], purpose=Purpose.OTHER, row=oliwia.case, note="test")
        deletion_actions.move_deletion(oliwia.case, actor=actor, delete_on=timezone.localdate() + timedelta(days=500), reason=WHY)
    guest = through_gate(cast.laerer, oliwia)
    assert WHY not in readable(guest.get(oliwia.url)) and guest.get(oliwia.url + "slettefrist/").status_code == 404
    with as_actor(cast.laerer) as actor:
        open_ticket(actor, Case, [oliwia.case.person_id], purpose=Purpose.OTHER, row=oliwia.case, note="test")
        assert not CaseExtension.objects.exists()
