"""Entering the first people of a kommune from the command line."""

import pytest
from django.core.management import CommandError, call_command

from access.models import User
from access.roles import Verb
from tests.conftest import make_client

pytestmark = pytest.mark.django_db(transaction=True)


def enter(capsys, *args):
    call_command("enter_person", *args)
    return capsys.readouterr().out.strip()


def test_a_dpo_is_appointed_and_chooses_a_password(capsys):
    from access.context import actor_of

    line = enter(capsys, "thisted", "--role", "DPO", "nina@thisted.example", "Nina Opdigtet")
    path = line.split("http://testserver")[1]
    window = make_client()
    page = window.get(path, follow=True)
    done = window.post(page.request["PATH_INFO"], {"password1": "Kodeord-til-prøve-7", "password2": "Kodeord-til-prøve-7"})
    assert done.status_code == 302
    user = User.objects.get(email="nina@thisted.example")
    assert user.check_password("Kodeord-til-prøve-7")
    assert actor_of(user, "thisted").holds(Verb.VIEW_AUDIT)


def test_a_vacant_seat_is_filled_once(capsys):
    from access.context import actor_of, context_of
    from municipalities.models import Seat, Tenant
    from municipalities.presets import setup_actor

    tenant = Tenant.objects.get(slug="thisted")
    with context_of(setup_actor(tenant)):
        key = Seat.objects.filter(tenant=tenant, user=None).values_list("key", flat=True).first()
    enter(capsys, "thisted", "--seat", key, "per@thisted.example", "Per Opdigtet")
    assert actor_of(User.objects.get(email="per@thisted.example"), "thisted").is_member
    with pytest.raises(CommandError, match="held by"):
        enter(capsys, "thisted", "--seat", key, "bo@thisted.example", "Bo Opdigtet")


@pytest.mark.parametrize("args", [("findes-ikke", "--role", "DPO"), ("thisted", "--seat", "findes/ikke")])
def test_a_wrong_name_is_said_in_a_sentence(capsys, args):
    with pytest.raises(CommandError, match="There is no"):
        enter(capsys, *args, "x@thisted.example", "X Opdigtet")
    assert not User.objects.filter(email="x@thisted.example").exists()


def test_who_is_entered_where_the_demo_runs_is_invented_too(capsys, settings):
    """Or the next process that starts would refuse to run beside a real person, and take the whole product down."""
    from access.demo import refuse_demo_among_real_people

    settings.SSP_DEMO = True
    enter(capsys, "thisted", "--role", "DPO", "nina@thisted.example", "Nina Opdigtet")
    refuse_demo_among_real_people()


def test_a_kommune_is_set_up_once(capsys):
    with pytest.raises(CommandError, match="er optaget af Thisted Kommune"):
        call_command("set_up_kommune", "thisted")


def test_an_account_is_started_anew(capsys):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user = User.objects.create_user("uheldig", "uheldig@thisted.example", "Kodeord-til-prøve-7")
    TOTP.activate(user, generate_totp_secret())
    stranger = make_client()
    stranger.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert stranger.get("/?vis=alle").status_code == 200
    call_command("restart_account", "Uheldig@thisted.example")
    path = capsys.readouterr().out.strip().split("http://testserver")[1]
    assert not Authenticator.objects.filter(user=user).exists() and not User.objects.get(pk=user.pk).has_usable_password()
    assert stranger.get("/?vis=alle").status_code == 302
    assert make_client().get(path, follow=True).status_code == 200


@pytest.mark.parametrize("email", ["findes-ikke@thisted.example", ""])
def test_an_unknown_account_is_said_in_a_sentence(capsys, email):
    with pytest.raises(CommandError, match="There is no account"):
        call_command("restart_account", email)
