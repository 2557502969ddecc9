"""Coming in: demo login, password and second factor, choosing a kommune, language, lock-out."""

import re
from email.header import decode_header, make_header

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from access.models import User
from municipalities.people import password_path
from tests.mails import free_port, mailers

PASSWORD = "en-lang-og-sjov-kode"
LOGIN = "/konto/login/"


@pytest.fixture
def member(cast):
    """The coordinator as an ordinary user with a password, who is not in demo mode's list."""
    user = cast.konsulent
    user.is_demo = False
    user.set_password(PASSWORD)
    user.save()
    return user


def text_of(response):
    html = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.replace("\u00a0", " ").replace("\u2060", "").split())


def code_for(secret):
    """The code that an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def log_in(client, user, password=PASSWORD):
    return client.post(LOGIN, {"login": user.email, "password": password})


def open_activation(client):
    """The page with the square, after the password once more."""
    asked = client.get("/konto/2fa/totp/activate/")
    assert asked.url.startswith("/konto/reauthenticate/")
    return client.post(asked.url, {"password": PASSWORD}, follow=True)


def activate(client):
    """Connect an app in this session; gives back the secret that the app would keep."""
    secret = open_activation(client).context["form"].secret
    response = client.post("/konto/2fa/totp/activate/", {"code": code_for(secret)})
    assert response.status_code == 302, response.content
    return secret


@pytest.fixture
def with_app(client, member, transactional_signals):
    """(client, secret) of a member who has connected his app and then logged out."""
    log_in(client, member)
    secret = activate(client)
    client.post("/konto/logout/")
    return client, secret


@pytest.fixture
def transactional_signals(django_capture_on_commit_callbacks, monkeypatch):
    """allauth sends its signals on commit; a plain test never commits, so run them at once."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, using=None, robust=False: function())


# ---- the first factor ---------------------------------------------------------------------------------------------
def test_anonymous_is_led_to_the_login_and_back(client, db):
    response = client.get("/thisted/")
    assert (response.status_code, response.url) == (302, "/konto/login/?next=/thisted/")


def test_a_script_without_a_session_is_told_401(client, db):
    assert client.post("/thisted/", headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 401


def test_a_wrong_password_gets_a_sentence(client, member):
    response = log_in(client, member, "forkert-kode")
    assert response.status_code == 422
    assert "E-mail eller adgangskode er ikke rigtig" in text_of(response)


def test_an_unknown_address_gets_the_same_answer(client, member):
    known = text_of(log_in(client, member, "forkert-kode"))
    unknown = text_of(client.post(LOGIN, {"login": "ingen@thisted.example", "password": "forkert-kode"}))
    assert known == unknown


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(client, member):
    statuses = [log_in(client, member, "forkert-kode").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    locked = log_in(client, member)
    assert locked.status_code == 429
    assert "pause i fem minutter" in text_of(locked)


def test_an_account_that_is_closed_stays_out(client, member):
    member.is_active = False
    member.save()
    log_in(client, member)
    assert client.get("/").status_code == 302


def test_nobody_signs_up(client, db):
    assert client.get("/konto/signup/").status_code == 404


def test_a_login_needs_no_applause(client, member):
    log_in(client, member)
    assert "messages" not in client.cookies and "succesfuldt" not in text_of(client.get("/?vis=alle"))


# ---- the second factor --------------------------------------------------------------------------------------------
def test_a_password_alone_opens_no_kommune(client, member):
    assert log_in(client, member).status_code == 302
    response = client.get("/thisted/organisation/")
    assert (response.status_code, response.url) == (302, reverse("mfa_activate_totp"))
    assert client.post("/thisted/organisation/", headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 401


def test_connecting_the_app_counts_as_the_second_factor_of_the_session(client, member, transactional_signals):
    log_in(client, member)
    activate(client)
    assert client.get("/thisted/organisation/").status_code == 200


def test_a_wrong_first_code_connects_nothing(client, member, transactional_signals):
    log_in(client, member)
    open_activation(client)
    response = client.post("/konto/2fa/totp/activate/", {"code": "000000"})
    assert "Koden er ikke rigtig" in text_of(response)
    assert client.get("/thisted/organisation/").status_code == 302


def test_the_next_login_asks_for_the_code(with_app, member):
    client, secret = with_app
    assert log_in(client, member).url == reverse("mfa_authenticate")
    assert client.get("/thisted/organisation/").status_code == 302
    wrong = client.post("/konto/2fa/authenticate/", {"code": "000000"})
    assert "Koden er ikke rigtig" in text_of(wrong)
    client.post("/konto/2fa/authenticate/", {"code": code_for(secret)})
    assert client.get("/thisted/organisation/").status_code == 200


def test_a_recovery_code_works_once(with_app, member):
    client, _secret = with_app
    code = Authenticator.objects.get(user=member, type="recovery_codes").wrap().get_unused_codes()[0]
    for opens in (True, False):
        log_in(client, member)
        client.post("/konto/2fa/authenticate/", {"code": code})
        assert (client.get("/thisted/organisation/").status_code == 200) is opens
        client.post("/konto/logout/")


def test_guessing_codes_is_stopped(with_app, member):
    client, secret = with_app
    log_in(client, member)
    for _ in range(5):
        client.post("/konto/2fa/authenticate/", {"code": "000000"})
    assert "For mange forsøg" in text_of(client.post("/konto/2fa/authenticate/", {"code": code_for(secret)}))
    assert client.get("/thisted/organisation/").status_code == 302


def test_who_removes_the_app_is_back_at_one_factor(client, member, transactional_signals):
    log_in(client, member)
    activate(client)
    client.post("/konto/2fa/totp/deactivate/")
    assert client.get("/thisted/organisation/").status_code == 302


def test_the_secret_of_the_app_is_sealed_in_the_database(with_app, member):
    _client, secret = with_app
    stored = Authenticator.objects.get(user=member, type="totp").data["secret"]
    assert secret not in stored and stored != secret


def test_the_activation_of_another_user_does_not_count(client, member, transactional_signals, cast):
    log_in(client, member)
    activate(client)
    other = cast.chef
    other.is_demo = False
    other.save()
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/thisted/organisation/").status_code == 302


# ---- a forgotten password -----------------------------------------------------------------------------------------
def test_a_mail_for_a_new_password_says_nothing_of_the_kommune(client, member):
    client.post("/konto/kode/glemt/", {"email": member.email})
    (sent,) = mail.outbox
    assert sent.subject == "Vælg en ny adgangskode til SSP"
    assert "Vælg den her" in sent.body
    assert not re.search(r"thisted(?!\.example)", sent.subject + sent.body, re.IGNORECASE)
    path = re.search(r"http://[^/]+(/\S+)", sent.body)[1]
    page = client.get(path, follow=True)
    assert page.status_code == 200
    client.post(page.redirect_chain[-1][0], {"password1": "en-helt-ny-kode-42", "password2": "en-helt-ny-kode-42"})
    assert User.objects.get(pk=member.pk).check_password("en-helt-ny-kode-42")


def choose_by_mail(client, member):
    """The password that the mail's link lets one choose; gives back the answer."""
    client.post("/konto/kode/glemt/", {"email": member.email})
    page = client.get(re.search(r"http://[^/]+(/\S+)", mail.outbox[-1].body)[1], follow=True)
    return client.post(page.redirect_chain[-1][0], {"password1": "en-helt-ny-kode-42", "password2": "en-helt-ny-kode-42"}, follow=True)


def test_who_has_chosen_a_password_is_in_without_writing_it_again(client, member):
    page = choose_by_mail(client, member)
    assert "Adgangskoden er gemt." in text_of(page) and "success" not in text_of(page)
    assert client.session["_auth_user_id"] == str(member.pk)
    assert client.get("/thisted/").url.endswith("/2fa/totp/activate/")  # and no page of a kommune without the second factor
    assert client.get("/konto/2fa/totp/activate/").status_code == 200


def test_a_first_password_is_no_new_one_and_warns_nobody(client, member):
    member.set_unusable_password()
    member.save()
    page = client.get(password_path(member), follow=True)
    assert "Vælg en adgangskode" in text_of(page) and "Vælg en ny adgangskode" not in text_of(page)
    client.post(page.redirect_chain[-1][0], {"password1": "en-helt-ny-kode-42", "password2": "en-helt-ny-kode-42"})
    assert User.objects.get(pk=member.pk).check_password("en-helt-ny-kode-42") and not mail.outbox
    client.post("/konto/logout/")
    page = client.get(password_path(User.objects.get(pk=member.pk)), follow=True)
    assert "Vælg en ny adgangskode" in text_of(page)
    client.post(page.redirect_chain[-1][0], {"password1": "en-endnu-nyere-kode-42", "password2": "en-endnu-nyere-kode-42"})
    assert len(mail.outbox) == 1  # the second one is told


def test_a_chosen_password_alone_opens_nothing_where_there_is_an_app(with_app, member):
    client, secret = with_app
    page = choose_by_mail(client, member)
    assert page.redirect_chain[-1][0].startswith("/konto/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    assert client.get("/thisted/").url.startswith("/konto/login/")
    Authenticator.objects.get(user=member, type="totp")  # the app is still his
    assert client.post("/konto/2fa/authenticate/", {"code": code_for(secret)}).status_code == 302
    assert client.session["_auth_user_id"] == str(member.pk)


def test_an_unknown_address_gets_no_mail_and_the_same_page(client, member):
    known = client.post("/konto/kode/glemt/", {"email": member.email})
    unknown = client.post("/konto/kode/glemt/", {"email": "ingen@thisted.example"})
    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    assert len(mail.outbox) == 1


# ---- what the owner of the account is told -------------------------------------------------------------------------
NEW_PASSWORD = "en-helt-ny-kode-42"


def change_password(client, member):
    assert client.post("/konto/kode/skift/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}).status_code == 302


def choose_forgotten_password(client, member):
    client.post("/konto/logout/")
    client.post("/konto/kode/glemt/", {"email": member.email})
    page = client.get(re.search(r"http://[^/]+(/\S+)", mail.outbox.pop().body)[1], follow=True)
    assert client.post(page.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}).status_code == 302


def connect_app(client, member):
    activate(client)


def remove_app(client, member):
    activate(client)
    mail.outbox.clear()
    assert client.post("/konto/2fa/totp/deactivate/").status_code == 302


def make_codes(client, member):
    activate(client)
    mail.outbox.clear()
    assert client.post("/konto/2fa/recovery-codes/generate/").status_code == 302


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        (change_password, "Din adgangskode til SSP er skiftet"), (choose_forgotten_password, "Du har fået en ny adgangskode til SSP"),
        (connect_app, "En app er forbundet med din konto i SSP"), (remove_app, "Appen er fjernet fra din konto i SSP"),
        (make_codes, "Nye gendannelseskoder til din konto i SSP"),
    ],
)  # fmt: skip
def test_the_owner_is_told_of_every_change_of_password_and_factors(client, member, transactional_signals, change, subject):
    client.cookies["ssp_language"] = "en"  # whoever sits there may have chosen another language than the owner
    log_in(client, member)
    change(client, member)
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == (subject, [member.email])
    assert "Var det ikke dig?" in sent.body and "nulstille din konto" in sent.body and timezone.localdate().strftime("%Y") in sent.body
    assert not re.search(r"thisted|127\.0\.0\.1|http|browser|" + member.first_name, sent.subject + sent.body, re.IGNORECASE)


def test_a_wrong_old_password_tells_nobody(client, member):
    log_in(client, member)
    client.post("/konto/kode/skift/", {"oldpassword": "forkert", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert mail.outbox == [] and User.objects.get(pk=member.pk).check_password(PASSWORD)


def test_a_mail_server_that_is_away_does_not_undo_the_change(client, member, settings):
    settings.MAILERS = mailers(free_port())  # nobody listens there
    log_in(client, member)
    change_password(client, member)
    assert User.objects.get(pk=member.pk).check_password(NEW_PASSWORD)


def test_the_notice_reaches_a_real_mail_server(client, member, settings, smtp):
    settings.MAILERS = mailers()
    log_in(client, member)
    change_password(client, member)
    (found,) = smtp.messages
    assert str(make_header(decode_header(found["Subject"]))) == "Din adgangskode til SSP er skiftet"
    assert (found["To"], found.is_multipart()) == (member.email, False)
    assert "Var det ikke dig?" in found.get_payload(decode=True).decode()


# ---- demo ---------------------------------------------------------------------------------------------------------
def test_demo_login_is_one_click(client, cast, settings):
    settings.SSP_DEMO = True
    page = text_of(client.get(LOGIN))
    assert "Ditte Havmark" in page and "også Morsø Kommune" in page
    response = client.post("/konto/demo/", {"user": cast.konsulent.pk}, follow=True)
    assert response.redirect_chain == [("/", 302), ("/thisted/", 302)]


def test_demo_login_goes_to_the_page_that_was_asked_for_if_it_is_ones_own(client, cast, settings):
    settings.SSP_DEMO = True
    asked = client.get("/morsoe/organisation/").url
    assert 'name="next" value="/morsoe/organisation/"' in client.get(asked).content.decode()
    for user, wanted, answer in (
        (cast.fnt, "/morsoe/organisation/", "/morsoe/organisation/"), (cast.gade, "/morsoe/organisation/", "/"), (cast.fnt, "//evil.example/morsoe/", "/"), (cast.fnt, "", "/"),
    ):  # fmt: skip
        assert client.post("/konto/demo/", {"user": user.pk, "next": wanted}).url == answer


def test_demo_login_is_not_there_when_it_is_off(client, cast, settings):
    settings.SSP_DEMO = False
    assert "Ditte Havmark" not in text_of(client.get(LOGIN))
    assert client.post("/konto/demo/", {"user": cast.konsulent.pk}).status_code == 404


def test_a_demo_session_opens_nothing_when_demo_is_switched_off(visit, cast, settings):
    client = visit(cast.konsulent)
    settings.SSP_DEMO = False
    assert client.get("/thisted/organisation/").status_code == 302


@pytest.mark.parametrize("asked", ["", "abc", "999999999", "-1", "1 or 1=1"])
def test_demo_login_as_nobody_is_not_there(client, db, settings, asked):
    settings.SSP_DEMO = True
    assert client.post("/konto/demo/", {"user": asked}).status_code == 404


@pytest.mark.parametrize("change", [{"is_demo": False}, {"is_active": False}, {"is_system": True}])
def test_demo_login_lets_only_active_invented_people_in(client, cast, settings, change):
    settings.SSP_DEMO = True
    for name, value in change.items():
        setattr(cast.chef, name, value)
    cast.chef.save()
    assert client.post("/konto/demo/", {"user": cast.chef.pk}).status_code == 404


# ---- choosing a kommune -------------------------------------------------------------------------------------------
def test_who_has_seats_in_two_kommuner_chooses(visit, cast):
    client = visit(cast.fnt)
    page = text_of(client.get("/"))
    assert "Thisted Kommune" in page and "Morsø Kommune" in page
    for slug, other in (("thisted", "Morsø"), ("morsoe", "Thisted")):
        response = client.get(f"/{slug}/organisation/")
        assert response.status_code == 200
        assert f"{other} Kommune" not in response.content.decode().split("<main")[0]


def test_who_has_one_kommune_goes_straight_to_it(visit, cast):
    assert visit(cast.chef).get("/").url == "/thisted/"
    assert visit(cast.chef).get("/?vis=alle").status_code == 200


def test_who_has_no_seat_is_told(visit, cast):
    nobody = User.objects.create(username="ny", email="ny@thisted.example", is_demo=True)
    assert "Du har ingen plads i nogen kommune" in text_of(visit(nobody).get("/"))


@pytest.mark.parametrize("slug", ["morsoe", "findes-ikke", "konto"])
def test_a_foreign_kommune_looks_like_a_missing_one(visit, cast, slug):
    response = visit(cast.chef).get(f"/{slug}/organisation/")
    assert response.status_code == 404
    assert "Morsø" not in response.content.decode()


@pytest.mark.parametrize("path", ["/konto/2fa/", "/konto/kode/skift/", "/konto/kode/glemt/", "/"])
def test_account_pages_have_no_kommune(visit, cast, path):
    response = visit(cast.fnt).get(path, follow=True)
    assert response.context["tenant"] is None and response.context["actor"] is None


# ---- language -----------------------------------------------------------------------------------------------------
def test_the_language_switch_comes_back_to_the_same_page(visit, cast):
    client = visit(cast.konsulent)
    response = client.post("/konto/sprog/", {"language": "en", "next": "/thisted/organisation/"})
    assert (response.status_code, response.url) == (302, "/thisted/organisation/")
    assert "How the SSP cooperation is organised" in client.get("/thisted/organisation/").content.decode()
    client.post("/konto/sprog/", {"language": "da"})
    assert "Sådan er SSP-samarbejdet organiseret" in client.get("/thisted/organisation/").content.decode()


def test_the_language_switch_leads_to_no_other_house(client, db):
    assert client.post("/konto/sprog/", {"language": "en", "next": "https://ondt.example/"}).url == "/"
