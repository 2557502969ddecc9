"""An operator appoints from outside: in a new kommune, and where nobody who has come holds the role. He sees nothing else, and the kommune is told."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from access.actor import Actor
from access.context import context_of
from access.models import OutboxMessage, User
from access.roles import AppointmentRole, SeatRole, Verb
from municipalities.actions import appoint
from municipalities.models import Appointment, Invitation, Organisation, Seat, Tenant
from municipalities.presets import setup_actor
from tests.conftest import acting
from tests.municipalities.test_set_up import PAGE, answers
from tests.rules.crawl import readable


@pytest.fixture
def window(visit, cast):
    return visit(cast.operatoer)


@pytest.fixture
def fresh(window):
    """A kommune made with its politikreds: nobody has come yet."""
    response = window.post(f"{PAGE}fredericia/", answers(kreds="ny", new_kreds="Opdigtet politikreds"))
    assert response.status_code == 302, response.content.decode()
    return Tenant.objects.get(slug="opdigtet")


def page(slug="opdigtet"):
    return f"{PAGE}udpeg/{slug}/"


def seen_of(window, slug, role):
    shown = window.get(page(slug)).context["parts"]
    return next(part.seen for part, _form in shown if part.role == role)


def order(window, role="DPO", name="Nina Opdigtet", email="nina@opdigtet.example", slug="opdigtet", **changed):
    prefix = role.lower()
    return window.post(page(slug), {"svar": "udpeg", "rolle": role, f"{prefix}-name": name, f"{prefix}-email": email, "set": seen_of(window, slug, role), **changed})


def holders(slug, role):
    tenant = Tenant.objects.get(slug=slug)
    with acting(setup_actor(tenant)):
        return set(Appointment.objects.current().filter(tenant=tenant, role=role).values_list("user__email", flat=True))


def mails(slug):
    tenant, system = Tenant.objects.get(slug=slug), User.objects.get(username=f"system:{slug}")
    with acting(Actor(user_id=system.pk, tenant_id=tenant.pk, is_system=True)):
        return [(mail.recipient.email, mail.payload["template"]) for mail in OutboxMessage.objects.filter(kind="mail").select_related("recipient")]


def comes(email):
    User.objects.filter(email=email).update(last_login=timezone.now() + timedelta(minutes=1))


# ---- as a kommune is set up ----------------------------------------------------------------------------------------------
def test_a_new_kommune_gets_its_dpo_and_a_new_kreds_its_administrator(window, actor_for):
    filled = answers(kreds="ny", new_kreds="Opdigtet politikreds", dpo="Nina Opdigtet", dpo_email="Nina@opdigtet.example")
    shown = readable(window.post(f"{PAGE}fredericia/", {**filled, "trin": "vis"}))
    assert "Nina Opdigtet, nina@opdigtet.example" in shown and "Karl Opdigtet, karl@kreds.example" in shown
    assert not User.objects.filter(email="nina@opdigtet.example").exists()
    assert window.post(f"{PAGE}fredericia/", filled).status_code == 302
    assert holders("opdigtet", "DPO") == {"nina@opdigtet.example"} and holders("opdigtet", "ADMIN") == {"ida@opdigtet.example"}
    assert holders("opdigtet-politikreds", "ADMIN") == {"karl@kreds.example"}
    assert actor_for(User.objects.get(email="nina@opdigtet.example"), "opdigtet").tenant_verbs == {Verb.VIEW_AUDIT}
    assert {email for email, _template in mails("opdigtet")} == {"nina@opdigtet.example", "ida@opdigtet.example"}


def test_one_person_may_be_administrator_of_both(window):
    assert window.post(f"{PAGE}fredericia/", answers(kreds="ny", new_kreds="Opdigtet politikreds", kreds_email="ida@opdigtet.example")).status_code == 302
    assert holders("opdigtet-politikreds", "ADMIN") == holders("opdigtet", "ADMIN") == {"ida@opdigtet.example"}


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"dpo": "Nina Opdigtet"}, "dpo_email", "Skriv også e-mailadressen"),
        ({"dpo_email": "nina@opdigtet.example"}, "dpo", "Skriv navnet"),
        ({"dpo": "Nina", "dpo_email": "IDA@opdigtet.example"}, "dpo_email", "fører tilsyn"),
        ({"dpo": "Nina", "dpo_email": "system-thisted@ssp.invalid"}, "dpo_email", "bruges af løsningen selv"),
        ({"dpo": "010203-1234", "dpo_email": "nina@opdigtet.example"}, "dpo", "CPR"),
        ({"kreds": "ny", "new_kreds": "Opdigtet politikreds", "kreds_administrator": "", "kreds_email": ""}, "kreds_administrator", "Nogen skal sætte politikredsen op"),
        ({"kreds": "ny", "new_kreds": "Opdigtet politikreds", "kreds_email": ""}, "kreds_email", "Nogen skal sætte politikredsen op"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(window, changed, field, sentence):
    answer = window.post(f"{PAGE}fredericia/", answers(**changed))
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert sentence in readable(answer)
    assert not Tenant.objects.filter(slug="opdigtet").exists()


def test_an_operator_does_not_appoint_himself_as_he_sets_up(window, cast):
    answer = window.post(f"{PAGE}fredericia/", answers(email=cast.operatoer.email))
    assert answer.status_code == 409 and "ikke udpege dig selv" in readable(answer)
    assert not Tenant.objects.filter(slug="opdigtet").exists()


def test_by_command(db):
    people = ("--administrator", "bo@opdigtet.example", "Bo", "--dpo", "nina@opdigtet.example", "Nina", "--kreds-administrator", "karl@kreds.example", "Karl")
    call_command("set_up_kommune", "fredericia", *people, "--name", "Opdigtet Kommune", "--code", "999", "--politikreds", "Opdigtet politikreds")
    assert holders("opdigtet", "DPO") == {"nina@opdigtet.example"}
    kreds = Tenant.objects.get(slug="opdigtet").parent
    assert kreds is not None and holders(kreds.slug, "ADMIN") == {"karl@kreds.example"}
    with pytest.raises(CommandError, match="made now"):
        call_command("set_up_kommune", "--empty", "--name", "Tom Kommune", "--kreds-administrator", "karl@kreds.example", "Karl")
    with pytest.raises(CommandError, match="både"):
        call_command("set_up_kommune", "--empty", "--name", "Tom Kommune", "--administrator", "bo@tom.example", "Bo", "--dpo", "BO@tom.example", "Bo")


# ---- who ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["it", "konsulent", "dpo", "kredssekretaer"])
def test_to_everybody_but_operators_the_page_is_not_there(visit, cast, who):
    client = visit(getattr(cast, who))
    assert client.get(page("thisted")).status_code == 404
    assert client.post(page("thisted"), {"svar": "udpeg", "rolle": "DPO"}).status_code == 404


def test_the_list_leads_to_each(window):
    shown = window.get(PAGE).content.decode()
    assert page("thisted") in shown and page("midt-og-vestjylland") in shown
    assert window.get(page("findes-ikke")).status_code == 404


def test_an_operator_who_is_somebody_in_the_kommune_leaves_it_to_another(window, cast, fresh):
    with acting(setup_actor(fresh)):
        seat = Seat.objects.filter(tenant=fresh, forum__ceiling="INTERNAL", user=None).first()
        seat.user = cast.operatoer
        seat.save()
    answer = window.get(page())
    assert answer.status_code == 409 and "Lad en anden" in readable(answer)
    assert window.post(page(), {"svar": "udpeg", "rolle": "DPO", "dpo-name": "Nina", "dpo-email": "nina@opdigtet.example", "set": ""}).status_code == 409
    assert holders("opdigtet", "DPO") == set()


# ---- appointing ----------------------------------------------------------------------------------------------------------
def test_where_nobody_holds_the_role_he_appoints_and_the_others_are_told(window, cast, fresh, log):
    assert order(window).status_code == 302
    assert holders("opdigtet", "DPO") == {"nina@opdigtet.example"}
    sent = mails("opdigtet")
    assert ("nina@opdigtet.example", "mail/invitation.txt") in sent and ("ida@opdigtet.example", "mail/appointed_from_outside.txt") in sent
    rows = [row for row in log() if row.tenant_id == fresh.pk and row.content_type.model == "appointment"]
    assert rows and {row.actor_id for row in rows} == {cast.operatoer.pk}


def test_the_chairs_are_told_too(window, fresh):
    with acting(setup_actor(fresh)):
        seat = Seat.objects.filter(tenant=fresh, forum__kind__in=("LOKALRAAD", "STYREGRUPPE"), role=SeatRole.MEMBER, user=None).first()
        seat.role, seat.user = SeatRole.CHAIR, User.objects.create(username="formand@opdigtet.example", email="formand@opdigtet.example", is_demo=True)
        seat.save()
    order(window)
    assert ("formand@opdigtet.example", "mail/appointed_from_outside.txt") in mails("opdigtet")


def test_where_he_is_somebody_himself_no_link_leads_to_appointing(window, cast, fresh):
    assert page() in window.get("/opret-kommune/").content.decode()
    with acting(setup_actor(fresh)):
        appoint(fresh, cast.operatoer, AppointmentRole.READER)
    said = window.get("/opret-kommune/").content.decode()
    assert page() not in said and "Du er selv med her" in said


def test_the_mail_says_who_did_what(window, cast, fresh):
    from django.core import mail

    from access.notify import empty_outbox

    comes("ida@opdigtet.example")
    order(window)
    empty_outbox(fresh.pk)
    (body,) = [sent.body for sent in mail.outbox if sent.to == ["ida@opdigtet.example"] and "Nina Opdigtet" in sent.body]
    assert cast.operatoer.name in body and "Nina Opdigtet" in body and "Databeskyttelsesrådgiver" in body


def test_he_sees_whom_he_invited_and_sends_again_within_the_limits(window, fresh):
    order(window)
    shown = window.get(page())
    assert "Nina Opdigtet" in readable(shown) and "Ida Opdigtet" in readable(shown)
    row = next(part.invited[0] for part, _form in shown.context["parts"] if part.role == "DPO")
    assert window.post(page(), {"svar": "igen", "invitation": row.public_id}).status_code == 429  # just sent
    with acting(setup_actor(fresh)):
        Invitation.objects.filter(pk=row.pk).update(sent_at=timezone.now() - timedelta(hours=1))
    assert window.post(page(), {"svar": "igen", "invitation": row.public_id}).status_code == 302
    assert window.post(page(), {"svar": "igen", "invitation": "findesikke"}).status_code == 409
    assert window.post(page(), {"svar": "hvad"}).status_code == 409


def test_another_address_ends_the_one_who_never_came(window, fresh):
    order(window)
    assert "allerede inviteret" in readable(order(window))
    assert order(window, name="Bo Opdigtet", email="bo@opdigtet.example").status_code == 302
    assert holders("opdigtet", "DPO") == {"bo@opdigtet.example"}
    with acting(setup_actor(fresh)):
        assert not Invitation.objects.filter(user__email="nina@opdigtet.example", revoked_at=None).exists()
        assert not User.objects.get(email="nina@opdigtet.example").groups.exists()


def test_once_somebody_has_come_the_kommune_does_it_itself(window, fresh):
    seen = seen_of(window, "opdigtet", "ADMIN")
    comes("ida@opdigtet.example")
    shown = readable(window.get(page()))
    assert "Ida Opdigtet" not in shown and "udpeger de selv" in shown
    late = window.post(page(), {"svar": "udpeg", "rolle": "ADMIN", "admin-name": "Bo", "admin-email": "bo@opdigtet.example", "set": seen})
    assert late.status_code == 409 and holders("opdigtet", "ADMIN") == {"ida@opdigtet.example"}


def test_an_old_login_of_an_account_elsewhere_is_not_coming(window, fresh, cast):
    """Who has an account in another kommune counts as come when he has logged in since he was invited here."""
    User.objects.filter(pk=cast.chef.pk).update(last_login=timezone.now() - timedelta(days=3))
    assert order(window, name="Charlotte", email=cast.chef.email).status_code == 302
    shown = readable(window.get(page()))
    assert "Charlotte" in shown and cast.chef.last_name not in shown
    assert order(window).status_code == 302 and holders("opdigtet", "DPO") == {"nina@opdigtet.example"}


def test_of_whom_the_kommune_invited_he_sees_no_name(window, cast):
    thisted = Tenant.objects.get(slug="thisted")
    with acting(setup_actor(thisted)):
        for row in Appointment.objects.filter(tenant=thisted, role="DPO"):
            row.valid_to = timezone.now()
            row.save()
        karin = User.objects.create(username="karin@thisted.example", email="karin@thisted.example", first_name="Karin", last_name="Hemmelig", is_demo=True)
        appoint(thisted, karin, AppointmentRole.DPO)
        Invitation.objects.create(tenant=thisted, user=karin, name="Karin Hemmelig", invited_by=cast.it, sent_at=timezone.now(), expires_at=timezone.now() + timedelta(days=7))
    shown = readable(window.get(page("thisted")))
    assert "Hemmelig" not in shown and "karin@thisted.example" not in shown and "aldrig har logget ind" in shown


def test_two_operators_at_once_do_not_undo_each_other(window, fresh):
    stale = seen_of(window, "opdigtet", "DPO")
    assert order(window).status_code == 302
    late = order(window, name="Bo", email="bo@opdigtet.example", set=stale)
    assert late.status_code == 409 and "lige udpeget" in readable(late)
    assert holders("opdigtet", "DPO") == {"nina@opdigtet.example"}


@pytest.mark.parametrize(
    ("name", "email", "sentence"),
    [
        ("", "nina@opdigtet.example", "Skriv navnet"), ("Nina", "ikke en adresse", "gyldig"), ("Nina", "x@y.invalid", "en persons adresse"),
        ("0102031234", "nina@opdigtet.example", "CPR"),
    ],
)
def test_bad_input(window, fresh, name, email, sentence):
    answer = order(window, name=name, email=email)
    assert answer.status_code == 422 and sentence in readable(answer)
    assert holders("opdigtet", "DPO") == set()


def test_why_somebody_cannot_have_the_role_is_the_kommunes_own_business(window, cast):
    """Somebody with a seat in a forum with person data cannot be administrator: the operator learns no more than that he cannot."""
    thisted = Tenant.objects.get(slug="thisted")
    with acting(setup_actor(thisted)):
        for row in Appointment.objects.filter(tenant=thisted, role="ADMIN"):
            row.valid_to = timezone.now()
            row.save()
    answer = order(window, "ADMIN", cast.konsulent.name, cast.konsulent.email, "thisted")
    said = readable(answer)
    assert answer.status_code == 409 and "kan ikke have rollen i Thisted Kommune" in said and "personoplysninger" not in said and "§ 115" not in said


def test_he_does_not_appoint_himself(window, cast, fresh):
    assert "ikke udpege dig selv" in readable(order(window, name="Mig", email=cast.operatoer.email))


def test_a_kreds_that_is_there_gets_its_administrator(window, cast):
    assert order(window, "ADMIN", "Karl Opdigtet", "karl@kreds.example", "midt-og-vestjylland").status_code == 302
    assert "karl@kreds.example" in holders("midt-og-vestjylland", "ADMIN")


def test_he_still_sees_no_page_of_the_kommune(window, fresh):
    order(window)
    for path in ("/opdigtet/", "/opdigtet/opsaetning/personer/", "/opdigtet/organisation/"):
        assert window.get(path).status_code == 404


# ---- the database itself -------------------------------------------------------------------------------------------------
def test_the_database_lets_an_operator_appoint_only_where_nobody_has_come(cast, fresh):
    with acting(setup_actor(fresh, cast.operatoer)):
        group = Appointment.objects.get(tenant=fresh, role="ADMIN").group
        nina = User.objects.create(username="nina@opdigtet.example", email="nina@opdigtet.example", is_demo=True)
        Appointment.objects.create(tenant=fresh, user=nina, role="ADMIN", group=group)
        comes("ida@opdigtet.example")
        with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
            Appointment.objects.create(tenant=fresh, user=cast.chef, role="ADMIN", group=group)


def test_the_database_lets_no_operator_appoint_himself_or_where_he_is_somebody(cast, fresh):
    with acting(setup_actor(fresh)):
        group = Appointment.objects.get(tenant=fresh, role="ADMIN").group
        seat = Seat.objects.filter(tenant=fresh, forum__ceiling="INTERNAL", user=None).first()
    with acting(setup_actor(fresh, cast.operatoer)):
        with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
            Appointment.objects.create(tenant=fresh, user=cast.operatoer, role="ADMIN", group=group)
        Seat.objects.filter(pk=seat.pk).update(user=cast.operatoer)
        with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
            Appointment.objects.create(tenant=fresh, user=cast.chef, role="ADMIN", group=group)
        assert Organisation.objects.filter(tenant=fresh).exists()


def test_a_context_without_a_right_sees_no_appointment_of_a_kommune(cast, fresh):
    with acting(Actor(user_id=cast.operatoer.pk)):
        assert not Appointment.objects.exists() and not Invitation.objects.exists()


def test_nothing_is_open_when_it_fails(window, fresh, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the mail door is shut")

    monkeypatch.setattr("municipalities.operator_appointments.send_mail", fail)
    with pytest.raises(RuntimeError):
        order(window)
    with context_of(setup_actor(fresh)):
        assert not Appointment.objects.filter(tenant=fresh, role="DPO").exists()
