"""The administrator's pages about people: the list, inviting by mail, ending."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.context import actor_of, context_of
from access.models import OutboxMessage, User
from access.notify import empty_outbox
from access.roles import AppointmentRole, Verb
from cases.models import Case
from municipalities import people_actions
from municipalities.actions import OwnSeatError, add_seat, appoint, hold_seat
from municipalities.models import Appointment, Forum, Invitation, Organisation, PersonState, Seat, Tenant
from municipalities.people import accounts, persons, with_details
from municipalities.presets import setup_actor
from tests.conftest import acting, make_client, wait_for
from tests.mails import mailers
from tests.rules.crawl import readable

LIST = "/thisted/opsaetning/personer/"
PASSWORD = "Kodeord-til-prøve-7"


def vacant(kind="NETVAERK", ceiling=None):
    seats = Seat.objects.current().filter(tenant__slug="thisted", user=None).select_related("forum", "organisation")
    return next(seat for seat in seats if (seat.forum.ceiling == ceiling if ceiling else not seat.forum.is_person_forum))


@pytest.fixture
def seat(cast, as_actor):
    """A vacant seat in a forum without person data."""
    with as_actor(cast.it):
        return vacant()


def invite_by_page(window, seat, email="per@thisted.example", name="Per Opdigtet"):
    return window.post(LIST + "inviter/", {"name": name, "email": email, "seats": [seat.pk]})


def person(cast, as_actor, email):
    with as_actor(cast.it) as actor:
        return persons(with_details(accounts(actor.tenant_id).filter(email=email), actor.tenant_id))[0]


def mails(email):
    with acting(setup_actor(Tenant.objects.get(slug="thisted"))):
        return list(OutboxMessage.objects.filter(recipient__email=email))


# ---- who may ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["konsulent", "fnt", "chef", "dpo", "ny"])
def test_only_the_administrator_has_the_pages(cast, visit, role):
    window = visit(cast.users[role])
    for path in ("", "inviter/", "import/", "import/skabelon/", f"{cast.konsulent.public_id}/", f"{cast.konsulent.public_id}/afslut/"):
        assert window.get(LIST + path).status_code == 404, path


def test_the_list_shows_people_seats_and_states(cast, visit):
    text = readable(visit(cast.it).get(LIST))
    for part in ("Ditte Havmark", "SSP-konsulent", "Databeskyttelsesrådgiver", "Inviteret", "udløber", "Invitation udløbet", "Aktiv"):
        assert part in text, part
    assert "System" not in text.replace("SSP System", "") or "SSP System" not in text


def test_the_list_is_searched_by_name_seat_and_forum(cast, visit):
    window = visit(cast.it)
    for words in ("Havmark", "ditte.havmark", "SSP-konsulent ditte"):
        text = readable(window.get(LIST, {"q": words}))
        assert "Ditte Havmark" in text and "Rasmus Ledsgård" not in text.split("<main")[1], words
    assert "Ingen passer" in readable(window.get(LIST, {"q": "findes ikke\x00"}))


def test_the_list_costs_the_same_for_few_and_many(cast, visit, as_actor):
    window = visit(cast.it)

    def count():
        with CaptureQueriesContext(connection) as found:
            assert window.get(LIST).status_code == 200
        return len(found)

    count()
    few = count()
    with as_actor(cast.it) as actor:
        forum, organisation = Forum.objects.get(key="styregruppe", tenant=actor.tenant_id), Organisation.objects.filter(tenant=actor.tenant_id).first()
        for n in range(12):
            user = User.objects.create(username=f"n{n}", email=f"n{n}@thisted.example", first_name="N", last_name=str(n), is_demo=True)
            add_seat(forum, actor=actor, role="MEMBER", title="Medlem", organisation=organisation, user=user)
    assert count() == few


def test_a_person_of_another_kommune_is_not_there(cast, visit):
    assert visit(cast.it).get(f"{LIST}{cast.users['mors-it'].public_id}/").status_code == 404


# ---- inviting --------------------------------------------------------------------------------------------------------
def test_an_invitation_gives_the_seat_and_a_mail(cast, visit, as_actor, seat):
    answer = invite_by_page(visit(cast.it), seat)
    assert answer.status_code == 302
    found = person(cast, as_actor, "per@thisted.example")
    assert (found.state, found.name, found.user.has_usable_password()) == (PersonState.INVITED, "Per Opdigtet", False)
    assert [row.pk for row in found.seats] == [seat.pk]
    (mail,) = mails("per@thisted.example")
    assert mail.payload["template"] == "mail/invitation.txt"
    assert "http" not in str(mail.payload) and mail.path == ""  # the link is made as the mail leaves


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": "Per", "email": "ikke-en-mail"}, "gyldig"), ({"name": "", "email": "p@x.dk"}, "Navn"), ({"name": "Per 010112-1234", "email": "p@x.dk"}, "CPR"),
        ({"name": "Per", "email": "p@x.dk", "seats": ["999999999"]}, ""), ({"name": "Per", "email": "p@x.dk", "seats": []}, "Vælg mindst én plads"),
    ],
)  # fmt: skip
def test_bad_input_is_a_sentence_and_nothing_is_made(cast, visit, seat, data, said):
    before = User.objects.count()
    answer = visit(cast.it).post(LIST + "inviter/", {"seats": [seat.pk], **data})
    assert answer.status_code == 422 and said in readable(answer)
    assert User.objects.count() == before


def test_an_address_known_elsewhere_looks_the_same_to_the_administrator(cast, visit, as_actor, seat):
    """A mayor of the other kommune has an account and a password; the answer and the list are those of a stranger."""
    known = cast.users["mors-dpo"]
    known.set_password(PASSWORD)
    known.last_login = timezone.now() - timedelta(days=1)
    known.save()
    window = visit(cast.it)
    answers = [invite_by_page(window, seat, known.email, "Anden Skrivemåde")]
    with as_actor(cast.it):
        other = vacant()
    answers.append(invite_by_page(window, other, "helt.ny@thisted.example", "Anden Skrivemåde"))
    assert [answer.status_code for answer in answers] == [302, 302]
    shown = [person(cast, as_actor, email) for email in (known.email, "helt.ny@thisted.example")]
    assert {(row.name, row.state) for row in shown} == {("Anden Skrivemåde", PersonState.INVITED)}
    assert known.name not in readable(window.get(LIST)) and known.name not in readable(window.get(f"{LIST}{known.public_id}/"))
    address = seat.forum.public_id
    for page in (f"opsaetning/fora/{address}/", f"opsaetning/fora/{address}/pladser/", f"opsaetning/pladser/{seat.public_id}/", f"fora/{address}/"):
        text = readable(window.get(f"/thisted/{page}"))
        assert "Anden Skrivemåde" in text or page.startswith("fora/"), page
        assert known.name not in text, page
    assert [mails(row.user.email)[0].payload["template"] for row in shown] == ["mail/invitation_known.txt", "mail/invitation.txt"]


def test_who_is_active_here_just_gets_the_seat(cast, visit, as_actor, seat):
    with as_actor(cast.it):
        before = Invitation.objects.filter(user=cast.kui).count()
    mailed = {row.pk for row in mails(cast.kui.email)}
    assert invite_by_page(visit(cast.it), seat, cast.kui.email, cast.kui.name).status_code == 302
    assert person(cast, as_actor, cast.kui.email).state == PersonState.ACTIVE
    with as_actor(cast.it):
        assert Invitation.objects.filter(user=cast.kui).count() == before
    (told,) = (row for row in mails(cast.kui.email) if row.pk not in mailed)
    assert "ny plads" in told.subject


def test_a_second_invitation_under_another_name_says_so(cast, visit, as_actor, seat):
    window = visit(cast.it)
    invite_by_page(window, seat)
    with as_actor(cast.it):
        other = vacant()
    invite_by_page(window, other, name="Per Andennavn")
    said = readable(window.get(LIST))
    assert "allerede inviteret som Per Opdigtet" in said and "Per Andennavn" in said
    assert person(cast, as_actor, "per@thisted.example").name == "Per Andennavn"
    window.post(LIST + "inviter/", {"name": "Per Andennavn", "email": "per@thisted.example", "is_reader": "on"})
    assert "allerede inviteret som" not in readable(window.get(LIST))


def test_a_file_renames_nobody_who_is_invited_already(cast, visit, as_actor, seat):
    invite_by_page(visit(cast.it), seat)
    with as_actor(cast.it) as actor:
        other = vacant()
        tenant = Tenant.objects.get(pk=actor.tenant_id)
        people_actions.invite_all(tenant, [people_actions.Invitee("per@thisted.example", "P. Opdigtet", [other])], actor=actor, is_bulk=True)
    assert person(cast, as_actor, "per@thisted.example").name == "Per Opdigtet"


def test_too_many_at_once_are_refused(cast, visit, seat, monkeypatch):
    monkeypatch.setattr(people_actions, "MOST_AN_HOUR", 0)
    answer = invite_by_page(visit(cast.it), seat)
    assert answer.status_code == 429 and "på en time" in readable(answer) and 'value="Per Opdigtet"' in answer.content.decode()
    assert not User.objects.filter(email="per@thisted.example").exists()


def test_sending_again_waits_and_ends_the_earlier_link(cast, visit, as_actor, seat, monkeypatch):
    window = visit(cast.it)
    invite_by_page(window, seat)
    url = f"{LIST}{User.objects.get(email='per@thisted.example').public_id}/send-igen/"
    assert window.post(url).status_code == 429
    monkeypatch.setattr(people_actions, "PAUSE", timedelta(0))
    assert window.post(url).status_code == 302
    assert [mail.payload["link"]["times"] for mail in sorted(mails("per@thisted.example"), key=lambda mail: mail.created_at)] == [1, 2]
    monkeypatch.setattr(people_actions, "MOST_TIMES", 2)
    assert window.post(url).status_code == 429


def test_the_administrator_does_not_invite_himself_into_a_person_forum(cast, visit, as_actor):
    with as_actor(cast.it) as actor:
        forum = Forum.objects.get(tenant=actor.tenant_id, key="p115")
        seat = add_seat(forum, actor=actor, role="MEMBER", title="Ledig", organisation=Organisation.objects.filter(tenant=actor.tenant_id, kind="municipal_other").first())
        with pytest.raises(OwnSeatError):
            hold_seat(seat, cast.it, actor=actor)
        with pytest.raises(OwnSeatError):
            add_seat(forum, actor=actor, role="COORDINATOR", title="Mig selv", organisation=seat.organisation, user=cast.it)
    answer = invite_by_page(visit(cast.it), seat, cast.it.email, cast.it.name)
    assert answer.status_code == 409 and "IT-administrator kan ikke have en plads" in readable(answer)
    with as_actor(cast.it) as actor:
        assert not actor.forums


# ---- the link, over a real mail server -------------------------------------------------------------------------------
@pytest.fixture
def post(smtp, settings):
    """A real mail server, and the product set to send to it."""
    settings.MAILERS = mailers()
    return smtp


def sent(smtp, n, to="per@thisted.example"):
    """The nth mail to this address: the demo has mails of its own under way."""
    empty_outbox(Tenant.objects.get(slug="thisted").pk)
    message = wait_for(lambda: [found for found in smtp.messages if found["To"] == to][n:])[0]
    text = message.get_payload(decode=True).decode()
    return message, text, re.search(r"http://testserver(\S+)", text)[1]


@pytest.mark.django_db(transaction=True)
def test_a_stranger_follows_the_link_once(cast, post):
    with context_of(actor_of(cast.it, "thisted")):
        seat = vacant()
    assert invite_by_page(make_client(cast.it), seat).status_code == 302
    message, text, path = sent(post, 0)
    assert message["To"] == "per@thisted.example" and "Vælg en adgangskode" in text and "Rasmus Ledsgård" in text
    assert seat.forum.name not in text
    window = make_client()
    page = window.get(path, follow=True)
    assert page.status_code == 200 and "kode/glemt" in page.request["PATH_INFO"]
    assert window.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    user = User.objects.get(email="per@thisted.example")
    assert user.check_password(PASSWORD)
    assert actor_of(user, "thisted").is_member
    assert window.get("/thisted/").headers["Location"].endswith("/2fa/totp/activate/")  # he is in, and writes the password once; now the second factor
    again = make_client().get(path)
    assert again.status_code == 302 and again.headers["Location"] == "/thisted/"  # and from there to log in


@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_over_called_back_or_made_up_opens_nothing(cast, post, monkeypatch):
    with context_of(actor_of(cast.it, "thisted")):
        seat = vacant()
    window = make_client(cast.it)
    invite_by_page(window, seat)
    _message, _text, first = sent(post, 0)
    monkeypatch.setattr(people_actions, "PAUSE", timedelta(0))
    user = User.objects.get(email="per@thisted.example")
    window.post(f"{LIST}{user.public_id}/send-igen/")
    _message, _text, second = sent(post, 1)
    stranger = make_client()
    assert stranger.get(first).status_code == 410
    assert stranger.get(second).status_code == 302
    assert stranger.get(second[:-4] + "abc/").status_code == stranger.get("/konto/invitation/x/").status_code == 410
    with context_of(actor_of(cast.it, "thisted")):
        Invitation.objects.filter(user=user).update(expires_at=timezone.now() - timedelta(seconds=1))
    over = stranger.get(second)
    assert over.status_code == 410 and "Bed din administrator" in readable(over)
    with context_of(actor_of(cast.it, "thisted")):
        Invitation.objects.filter(user=user).update(expires_at=timezone.now() + timedelta(days=1))
    assert stranger.get(second).status_code == 302
    window.post(f"{LIST}{user.public_id}/afslut/")
    assert stranger.get(second).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_who_is_logged_in_as_somebody_else_is_told_whose_link_it_is(cast, post):
    with context_of(actor_of(cast.it, "thisted")):
        seat = vacant()
    invite_by_page(make_client(cast.it), seat)
    _message, _text, path = sent(post, 0)
    other = make_client(cast.konsulent)
    page = other.get(path)
    assert page.status_code == 403 and "no-store" in page.headers["Cache-Control"] and "per@thisted.example" in readable(page) and cast.konsulent.name in readable(page)
    left = other.post("/konto/logout/", {"next": path})
    assert left.headers["Location"] == path  # logged out, and at the link
    page = other.get(path, follow=True)
    assert "Adgangskoden er til per@thisted.example" in readable(page)  # whose password it is
    User.objects.filter(email="per@thisted.example").update(password=make_password(PASSWORD))
    window = make_client(User.objects.get(email="per@thisted.example"))
    assert "Log ind med din" not in readable(window.get(path, follow=True))  # who is in is not told to log in


@pytest.mark.django_db(transaction=True)
def test_who_has_an_account_elsewhere_is_told_so_by_mail_alone(cast, post):
    known = cast.users["mors-dpo"]
    known.set_password(PASSWORD)
    known.save()
    with context_of(actor_of(cast.it, "thisted")):
        seat = vacant()
    invite_by_page(make_client(cast.it), seat, known.email, known.name)
    _message, text, path = sent(post, 0, known.email)
    assert "også i Thisted" in text
    assert make_client().get(path).headers["Location"] == "/thisted/"
    assert User.objects.get(pk=known.pk).check_password(PASSWORD)


# ---- ending ----------------------------------------------------------------------------------------------------------
def test_ending_takes_everything_here_at_once_and_keeps_the_rest(cast, visit, as_actor, actor_for):
    """The FNT officer sits in both kommuner: gone here with cases and old items, untouched there, his name kept."""
    window, officer = visit(cast.it), visit(cast.fnt)
    assert officer.get("/thisted/sager/").status_code == 200
    with as_actor(cast.it) as actor:
        forum = Forum.objects.get(tenant=actor.tenant_id, key="styregruppe")
        later = add_seat(forum, actor=actor, role="MEMBER", title="Senere", organisation=Organisation.objects.filter(tenant=actor.tenant_id).first(),
                         user=cast.fnt, valid_from=timezone.now() + timedelta(days=5))  # fmt: skip
        past = Seat.objects.filter(tenant=actor.tenant_id, user=cast.fnt).count()
    page = window.get(f"{LIST}{cast.fnt.public_id}/afslut/")
    assert page.status_code == 200 and "FNT-betjent" in readable(page)
    assert "Senere" in readable(page) and "begynder aldrig" in readable(page)
    assert window.post(f"{LIST}{cast.fnt.public_id}/afslut/").status_code == 302
    assert {officer.get(f"/thisted/{path}").status_code for path in ("", "sager/", "moeder/", "organisation/")} == {404}
    assert officer.get("/morsoe/sager/").status_code == 200
    cast.fnt.refresh_from_db()
    assert cast.fnt.is_active
    with as_actor(cast.it) as actor:
        assert not Seat.objects.current().filter(tenant=actor.tenant_id, user=cast.fnt).exists()
        assert Seat.objects.filter(tenant=actor.tenant_id, user=cast.fnt).count() == past
        later.refresh_from_db()
        assert later.valid_to == later.valid_from
        place = Seat.objects.current().get(forum=forum, title="FNT-betjent")
        assert place.user is None, "the place stays, vacant"
    assert not cast.fnt.groups.filter(name__in=[seat.group.name for seat in [later]]).exists()
    with as_actor(cast.fnt, "morsoe"):
        assert Case.objects.exists()
    assert "Anders Strandhede" in readable(window.get(LIST, {"ophoert": "1"}))


def test_a_person_who_left_is_invited_again(cast, visit, as_actor, seat):
    window = visit(cast.it)
    window.post(f"{LIST}{cast.kui.public_id}/afslut/")
    assert person(cast, as_actor, cast.kui.email).state == PersonState.ENDED
    assert invite_by_page(window, seat, cast.kui.email, cast.kui.name).status_code == 302
    assert person(cast, as_actor, cast.kui.email).state == PersonState.INVITED


def test_the_last_administrator_cannot_leave(cast, visit, as_actor, actor_for):
    window = visit(cast.it)
    answer = window.post(f"{LIST}{cast.it.public_id}/afslut/")
    assert answer.status_code == 409 and "sidste administrator" in readable(answer)
    assert actor_for(cast.it).holds(Verb.MANAGE_TENANT)
    tenant = Tenant.objects.get(slug="thisted")
    with acting(setup_actor(tenant)):
        appoint(tenant, cast.chef, AppointmentRole.ADMIN)
    assert window.post(f"{LIST}{cast.it.public_id}/afslut/").headers["Location"] == "/"
    assert window.get(LIST).status_code == 404
    with as_actor(cast.chef):
        assert Appointment.objects.current().filter(role="ADMIN", tenant=tenant).count() == 1


def test_an_administrator_whose_account_is_closed_does_not_count(cast, visit):
    tenant = Tenant.objects.get(slug="thisted")
    with acting(setup_actor(tenant)):
        appoint(tenant, cast.chef, AppointmentRole.ADMIN)
    User.objects.filter(pk=cast.chef.pk).update(is_active=False)
    assert visit(cast.it).post(f"{LIST}{cast.it.public_id}/afslut/").status_code == 409


def test_the_search_knows_the_name_that_was_written_here_and_no_other(cast, visit, seat):
    """An account elsewhere keeps its own name to itself: not found by it, nor sorted by it."""
    window, known = visit(cast.it), User.objects.get(email="karsten.oevigsen@morsoe.example")
    assert invite_by_page(window, seat, known.email, "Zarathustra Prøvenavn").status_code == 302
    assert "Zarathustra Prøvenavn" in readable(window.get(LIST, {"q": "zarathustra prøve"}))
    assert known.email not in readable(window.get(LIST, {"q": known.last_name}))
    names = [found.name for found in window.get(LIST).context_data["people"]]
    assert names.index("Zarathustra Prøvenavn") > names.index("Pia Grangaard-Holm")
