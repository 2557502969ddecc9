"""An employee without a seat: invited or imported, he reads what every member reads, and the walls show him nothing else."""

import csv
import io

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from access.models import User
from access.roles import APPOINTMENT_TABLE, AppointmentRole, Verb
from access.tenants import own_tenants
from municipalities.actions import hold_seat
from municipalities.exporting import tables
from municipalities.models import Appointment, Forum, Invitation, Seat
from municipalities.readers import let_read
from plans.models import Plan
from tests.conftest import acting
from tests.rules.crawl import readable

LIST = "/thisted/opsaetning/personer/"
EMAIL = "siv@thisted.example"


def invite(window, **changes):
    return window.post(LIST + "inviter/", {"name": "Siv Opdigtet", "email": EMAIL, "is_reader": "on", **changes})


@pytest.fixture
def reader(cast, visit):
    """Somebody invited without a seat."""
    assert invite(visit(cast.it)).status_code == 302
    return User.objects.get(email=EMAIL)


@pytest.fixture
def seat(cast, as_actor):
    """A vacant seat in a forum without person data."""
    with as_actor(cast.it):
        rows = Seat.objects.current().filter(tenant__slug="thisted", user=None).select_related("forum", "organisation")
        return next(row for row in rows if not row.forum.is_person_forum)


# ---- inviting --------------------------------------------------------------------------------------------------------
def test_an_invitation_without_a_seat_gives_an_appointment_that_has_no_verbs(cast, visit, reader, actor_for, log):
    assert APPOINTMENT_TABLE[AppointmentRole.READER] == frozenset()
    actor = actor_for(reader)
    assert actor.is_member and not (actor.has_seat or actor.forums or actor.plans or actor.guests or actor.tenant_verbs)
    assert [verb for verb in Verb if actor.holds(verb)] == [Verb.VIEW_ORGANISATION]
    text = readable(visit(cast.it).get(LIST, {"q": EMAIL}))
    assert "Medarbejder uden plads" in text and "Inviteret" in text
    assert "Medarbejder uden plads" in [entry.object_repr for entry in log() if entry.content_type.model == "appointment"][-1]
    assert "Medarbejder uden plads" in readable(visit(cast.dpo).get("/thisted/adgangslog/"))


def test_seats_or_none_is_said_and_never_both_or_neither(cast, visit, seat):
    window = visit(cast.it)
    for changes, said in (({"is_reader": ""}, "Vælg mindst én plads"), ({"seats": [seat.pk]}, "Du har også valgt en plads")):
        answer = invite(window, **changes)
        assert answer.status_code == 422 and said in readable(answer)
    assert not User.objects.filter(email=EMAIL).exists()


def test_a_kommune_without_a_vacant_seat_invites_all_the_same(cast, visit, as_actor):
    with as_actor(cast.it) as actor:
        for row in Seat.objects.current().filter(tenant=actor.tenant_id, user=None).select_related("forum"):
            row.valid_to = row.valid_from
            row.save(update_fields=["valid_to"])
    window = visit(cast.it)
    text = readable(window.get(LIST + "inviter/"))
    assert "Ingen plads er ledig" in text and "Uden plads" in text and "Ser ingen dagsordener" in text
    assert invite(window).status_code == 302


def test_who_is_here_already_is_not_made_less_or_twice(cast, visit, as_actor, reader):
    window = visit(cast.it)
    answer = invite(window, email=cast.kui.email, name=cast.kui.name)
    assert answer.status_code == 409 and "er her allerede" in readable(answer)
    assert invite(window).status_code == 302  # he has not come yet: a new mail, and no second appointment
    with as_actor(cast.it) as actor:
        assert Appointment.objects.filter(user=reader).count() == 1
        assert not Appointment.objects.filter(user=cast.kui, role=AppointmentRole.READER).exists()
        let_read(actor_tenant(actor), [reader, cast.kui], actor=actor)
        assert Appointment.objects.filter(role=AppointmentRole.READER).count() == 1


def actor_tenant(actor):
    return apps.get_model("municipalities.Tenant").objects.get(pk=actor.tenant_id)


# ---- the walls -------------------------------------------------------------------------------------------------------
OPEN_TO_MEMBERS = {  # of the apps that hold texts: what every member reads, and so he does
    "meetings.Meeting", "meetings.PublicMinutes", "meetings.PublicAttachment", "plans.Plan", "plans.CatalogueEntry", "plans.CooperationVersion", "plans.CooperationPlan",
    "plans.PlanVersion", "plans.Goal", "plans.Initiative", "plans.Milestone", "plans.FollowUp", "plans.Decision", "plans.FunctionDescription", "plans.FunctionVersion",
    "plans.FunctionRecord", "plans.PlanTemplate", "plans.PlanTemplateField", "plans.CatalogueEntryLevel", "plans.InitiativePreventionLevel", "meetings.KredsDecision",
}  # fmt: skip


def test_the_database_shows_him_no_agenda_no_case_no_draft_and_no_person(cast, reader, actor_for):
    with acting(actor_for(reader)):
        seen = {model._meta.label for model in tables() if model._meta.app_label in ("cases", "meetings", "plans", "reports") and model.objects.exists()}
        assert seen - OPEN_TO_MEMBERS == set() and "plans.Plan" in seen
        assert not any(model.objects.exists() for model in apps.get_app_config("cases").get_models() if any(field.attname == "tenant_id" for field in model._meta.fields))
        assert set(Plan.objects.values_list("status", flat=True)) == {Plan.Status.APPROVED}
        shells = apps.get_model("meetings.Meeting").objects.select_related("forum")
        assert not any(meeting.forum.is_person_forum for meeting in shells)  # of the others he knows the day, as every member does
        assert not Invitation.objects.exclude(user=reader).exists()


def test_he_writes_nothing(cast, reader, actor_for):
    from django.db import DatabaseError, transaction

    with acting(actor_for(reader)) as _none:
        forum = Forum.objects.filter(tenant__slug="thisted").first()
        assert Forum.objects.filter(pk=forum.pk).update(name="Mit forum") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Appointment.objects.create(tenant_id=forum.tenant_id, user=reader, role=AppointmentRole.ADMIN, group=Appointment.objects.get(user=reader).group)


def test_every_line_of_his_menu_is_a_page_and_what_is_not_in_it_is_not_there(cast, visit, reader):
    window = visit(reader)
    week = window.get("/thisted/")
    assert "Du har ikke en plads i et forum" in readable(week) and "Det finder du her" in readable(week)
    lines = {line.id: line.url for line in week.wsgi_request.page_context["nav"]}
    assert lines.keys() >= {"week", "meetings", "sparring", "plans", "catalogue", "organisation"}
    assert not lines.keys() & {"cases", "reports", "setup", "people", "log", "functions", "export", "access_reviews"}
    for url in lines.values():
        answer = window.get(url)
        assert answer.status_code == 200 and len(readable(answer).split("<main")[-1]) > 200, url
    for path in ("sager/", "aftaler/", "rapport/", "opsaetning/", "opsaetning/personer/"):
        assert window.get(f"/thisted/{path}").status_code == 404, path


def test_of_a_meeting_he_sees_the_day_and_no_item(cast, visit, reader, as_actor):
    with as_actor(cast.konsulent):
        meetings = list(apps.get_model("meetings.Meeting").objects.filter(tenant__slug="thisted").select_related("forum"))
        titles = {meeting.pk: list(meeting.items.values_list("title", flat=True)) for meeting in meetings}
    window = visit(reader)
    for meeting in meetings:
        answer = window.get(f"/thisted/moeder/{meeting.public_id}/")
        assert answer.status_code == (404 if meeting.forum.is_person_forum else answer.status_code)
        assert not any(title in readable(answer) for title in titles[meeting.pk] if len(title) > 12), meeting


# ---- later -----------------------------------------------------------------------------------------------------------
def test_who_gets_a_seat_later_is_called_by_it(cast, reader, seat, visit, as_actor, actor_for):
    with as_actor(cast.it) as actor:
        hold_seat(seat, reader, actor=actor)
    assert [label.label for label in actor_for(reader).seats] == [f"{seat.title}, {seat.organisation.name}"]
    assert [tenant.roles for tenant in own_tenants(reader)] == [[seat.title]]
    text = readable(visit(cast.it).get(LIST, {"q": EMAIL}))
    assert seat.title in text and "Medarbejder uden plads" not in text


def test_ending_the_person_ends_it_at_the_next_click(cast, visit, reader):
    window = visit(reader)
    assert window.get("/thisted/organisation/").status_code == 200
    admin = visit(cast.it)
    assert "Medarbejder uden plads" in readable(admin.get(f"{LIST}{reader.public_id}/afslut/"))
    assert admin.post(f"{LIST}{reader.public_id}/afslut/").status_code == 302
    assert window.get("/thisted/organisation/").status_code == 404
    assert invite(admin).status_code == 302  # and he comes again
    assert window.get("/thisted/organisation/").status_code == 200


def test_the_export_carries_him(cast, reader, as_actor):
    assert Appointment in tables()
    with as_actor(cast.dpo):
        assert Appointment.objects.get(user=reader).role == "READER"


# ---- from a file -----------------------------------------------------------------------------------------------------
def upload(window, *rows, head=("Navn", "E-mail", "Forum", "Rolle", "Organisation")):
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([head, *rows])
    return window.post(LIST + "import/", {"file": SimpleUploadedFile("personer.csv", text.getvalue().encode())})


def test_rows_without_forum_and_role_become_employees_without_a_seat(cast, visit, as_actor):
    window = visit(cast.it)
    rows = [["Siv Opdigtet", EMAIL, "", "", ""], ["Bo Opdigtet", "bo@thisted.example", "", "", "Grundskolerne"], [cast.kui.name, cast.kui.email, "", "", ""],
            ["Per Opdigtet", "per@thisted.example", "SSP Grundskole", "Medlem", "Grundskolerne"]]  # fmt: skip
    page = upload(window, *rows).headers["Location"]
    text = readable(window.get(page))
    for said in ("1 plads bliver besat", "2 personer bliver medarbejdere uden plads", "Intet: er her allerede", "Ser det, alle i samarbejdet ser"):
        assert said in text, said
    assert window.post(page + "bekraeft/").status_code == 302
    with as_actor(cast.it):
        assert set(Appointment.objects.filter(role=AppointmentRole.READER).values_list("user__email", flat=True)) == {EMAIL, "bo@thisted.example"}


def test_name_and_address_are_enough_for_a_file_without_seats(cast, visit, as_actor):
    window = visit(cast.it)
    page = upload(window, ["Siv Opdigtet", EMAIL], head=("Navn", "E-mail")).headers["Location"]
    text = readable(window.get(page))
    assert "1 person bliver medarbejder uden plads" in text and "pladser bliver besat" not in text and "Send invitationerne" in text
    assert window.post(page + "bekraeft/").status_code == 302
    with as_actor(cast.it):
        assert Appointment.objects.get(user__email=EMAIL).role == AppointmentRole.READER


@pytest.mark.parametrize(("forum", "role", "said"), [("SSP Grundskole", "", "Rolle mangler"), ("", "Medlem", "Forum mangler")])
def test_half_a_seat_is_an_error_and_no_employee_without_one(cast, visit, forum, role, said):
    window = visit(cast.it)
    page = upload(window, ["Siv Opdigtet", EMAIL, forum, role, "Grundskolerne"]).headers["Location"]
    assert said in readable(window.get(page))


def test_a_file_with_some_of_the_headings_of_a_seat_is_refused(cast, visit):
    answer = upload(visit(cast.it), ["Siv Opdigtet", EMAIL, "Medlem"], head=("Navn", "E-mail", "Rolle"))
    assert answer.status_code == 422 and "forum, organisation" in readable(answer)
