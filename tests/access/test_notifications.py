"""When mails leave, in how many pieces, to whom not, and who reads which of them was sent. With a real mail server."""

import re
import threading
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.utils import timezone
from icalendar import Calendar

from access import notify
from access.context import actor_of, context_of
from access.models import MailChoice
from access.notices import ALWAYS, WAYS, Notice, Way
from meetings import actions
from meetings.models import Meeting
from tests import harness
from tests.conftest import make_client
from tests.mails import free_port, mailers, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def konsulent(cast):
    return actor_of(cast.konsulent, "thisted")


def move(konsulent, times=1, forum="grundskole", days=30):
    """The forum's called meeting gets a new time, so many times in a row, the first one in so many days."""
    for number in range(times):
        with context_of(konsulent):
            meeting = Meeting.objects.filter(forum__key=forum, status="CALLED", tenant_id=konsulent.tenant_id).select_related("forum", "tenant").latest("starts_at")
            starts_at = timezone.now() + timedelta(days=days, minutes=number)
            actions.move_meeting(meeting, actor=konsulent, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), place=f"Lokale {number}")
    return meeting


def choose(user, notice, way):
    with context_of(actor_of(user, "thisted")) as actor:
        MailChoice.objects.create(tenant_id=actor.tenant_id, user=user, notice=notice, way=way)


# ---- gathered -------------------------------------------------------------------------------------------------------
def test_five_changes_of_one_meeting_are_one_mail(cast, konsulent, post):
    meeting = move(konsulent, times=5)
    assert post.run() == [], "they wait for more"
    post.later(19)
    assert post.run() == []
    post.later(1)
    sent = post.run()
    assert len(sent) == len({message["To"] for message in sent}) > 3
    (mail,) = post.to(sent, cast.fnt)
    text = text_of(mail)
    assert "fortæller også om det, der kom kort tid efter hinanden" in text
    assert f"http://testserver/thisted/moeder/{meeting.public_id}/" in text
    assert len(re.findall(r"Ændret: SSP Grundskole", text)) == 3 and "(4 gange)" in text  # subject, body, and one line for the four others
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    assert (event["SEQUENCE"], str(event["LOCATION"])) == (5, "Lokale 4")
    assert sorted(outcome for _notice, outcome, _attempts in post.rows(recipient_id=cast.fnt.pk)) == ["joined"] * 4 + ["sent"]
    post.later(60)
    assert post.run() == []


def test_the_window_begins_with_the_first_change_and_is_not_put_off_by_later_ones(cast, konsulent, post):
    move(konsulent)
    post.run()
    post.later(15)
    move(konsulent, times=2)
    post.run()
    post.later(6)
    (mail,) = post.to(post.run(), cast.fnt)
    assert "(2 gange)" in text_of(mail)


def test_a_cancellation_goes_at_once_and_takes_the_waiting_with_it(cast, konsulent, post):
    meeting = move(konsulent, times=2)
    post.run()
    with context_of(konsulent):
        actions.cancel_meeting(meeting, actor=konsulent)
    (mail,) = post.to(post.run(), cast.fnt)
    text = text_of(mail)
    assert "Aflyst: SSP Grundskole" in text and "Ændret: SSP Grundskole" in text
    assert [part.get_param("method") for part in mail.walk() if part.get_content_type() == "text/calendar"] == ["CANCEL"]
    assert sorted(post.rows(recipient_id=cast.fnt.pk)) == [("cancelled", "sent", 1), ("change", "joined", 0), ("change", "joined", 0)]
    post.later(30)
    assert post.run() == []


def test_a_change_of_a_meeting_within_a_day_does_not_wait(cast, konsulent, post):
    choose(cast.fnt, Notice.CHANGE, Way.WEEKLY)
    choose(cast.gade, Notice.CHANGE, Way.OFF)
    move(konsulent, days=0.5)
    sent = post.run()
    assert len(post.to(sent, cast.fnt)) == 1
    assert post.to(sent, cast.gade) == []


def test_two_meetings_are_two_mails(cast, konsulent, post):
    move(konsulent)
    move(konsulent, forum="ssp-plus" if has_called(konsulent, "ssp-plus") else "p115")
    post.run()
    post.later(20)
    assert len(post.to(post.run(), cast.konsulent)) == 2


def has_called(actor, key):
    with context_of(actor):
        return Meeting.objects.filter(forum__key=key, status="CALLED").exists()


def test_a_bundle_that_another_worker_is_at_is_left_to_it_and_the_rest_goes_on(cast, konsulent, post):
    meeting = move(konsulent, times=2)
    post.run()
    post.later(20)
    with harness.admin(harness.DATABASE) as other:
        name = f"outbox:{konsulent.tenant_id}:{cast.fnt.pk}:meeting:{meeting.public_id}"
        with other.transaction():
            other.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
            sent = post.run()
            assert post.to(sent, cast.fnt) == [] and len(sent) > 2
    assert len(post.to(post.run(), cast.fnt)) == 1


def test_two_workers_send_each_bundle_once(cast, konsulent, post):
    move(konsulent, times=4)
    post.run()
    post.later(20)
    from django.db import connections

    def work():
        try:
            post.run()
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(post.smtp.messages) == len({message["To"] for message in post.smtp.messages}) > 3


# ---- chosen ---------------------------------------------------------------------------------------------------------
def test_each_gets_what_he_has_chosen(cast, konsulent, post):
    choose(cast.fnt, Notice.CHANGE, Way.OFF)
    choose(cast.gade, Notice.CHANGE, Way.AT_ONCE)
    choose(cast.konsulent, Notice.CHANGE, Way.WEEKLY)
    move(konsulent, times=2)
    sent = post.run()
    assert {message["To"] for message in sent} <= {cast.gade.email}
    post.later(20)
    sent += post.run()
    assert post.to(sent, cast.fnt) == post.to(sent, cast.konsulent) == []
    assert {row[1] for row in post.rows(recipient_id=cast.fnt.pk)} == {"off"}
    assert {row[1] for row in post.rows(recipient_id=cast.konsulent.pk)} == {"weekly"}


def test_a_choice_made_while_mails_wait_holds_for_them_too(cast, konsulent, post):
    move(konsulent)
    post.run()
    choose(cast.fnt, Notice.CHANGE, Way.OFF)
    post.later(20)
    assert post.to(post.run(), cast.fnt) == []


@pytest.mark.parametrize("notice", list(ALWAYS))
def test_what_always_comes_comes_whatever_a_row_says(cast, konsulent, post, notice):
    choose(cast.fnt, notice, Way.OFF)
    with context_of(konsulent):
        notify.send_mail(konsulent.tenant_id, [cast.fnt], subject="Noget venter", path="/thisted/", notice=notice)
    assert len(post.to(post.run(), cast.fnt)) == 1


def test_every_kind_can_be_chosen_or_has_a_reason():
    assert set(WAYS) | set(ALWAYS) == set(Notice) and not set(WAYS) & set(ALWAYS)


def test_nobody_chooses_for_another_and_nobody_reads_it(cast, konsulent):
    choose(cast.fnt, Notice.CHANGE, Way.OFF)
    from django.db import DatabaseError

    with context_of(konsulent):
        assert not MailChoice.objects.exists()
        assert MailChoice.objects.filter(user=cast.fnt).update(way=Way.AT_ONCE) == 0
    with pytest.raises(DatabaseError), context_of(konsulent):
        MailChoice.objects.create(tenant_id=konsulent.tenant_id, user=cast.fnt, notice=Notice.MINUTES, way=Way.OFF)


def test_the_page_of_choices_keeps_them_and_says_why_some_always_come(cast, konsulent, post):
    window = make_client(cast.fnt)
    page = window.get("/thisted/mails/valg/").content.decode()
    assert "Loven eller en regel i samarbejdet giver dig beslutningen" in page and "Et møde er aflyst" in page
    data = {notice.value: ways[0].value for notice, ways in WAYS.items()}
    assert window.post("/thisted/mails/valg/", {**data, "change": "off"}).status_code == 302
    move(konsulent)
    post.run()
    post.later(20)
    assert post.to(post.run(), cast.fnt) == []
    assert window.post("/thisted/mails/valg/", {**data, "change": "at_once"}).status_code == 302
    move(konsulent, times=2)
    (mail,) = post.to(post.run(), cast.fnt)
    assert "http://testserver/thisted/mails/valg/" in text_of(mail)


@pytest.mark.parametrize("wrong", [{"change": "weekly", "digest": "off"}, {"change": "whenever"}, {"ordered": "weekly"}, {"digest": ""}])
def test_a_choice_that_cannot_be_is_refused_and_nothing_is_kept(cast, konsulent, wrong):
    data = {notice.value: ways[0].value for notice, ways in WAYS.items()} | wrong
    answer = make_client(cast.fnt).post("/thisted/mails/valg/", data)
    assert answer.status_code == 422 and "Der er noget" in answer.content.decode()
    with context_of(actor_of(cast.fnt, "thisted")):
        assert not MailChoice.objects.exists()


# ---- retried, and the log of it -------------------------------------------------------------------------------------
class Moody(Message):
    """A mail server that refuses until it is told otherwise."""

    def __init__(self):
        super().__init__()
        self.messages, self.refuses = [], True

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # aiosmtpd's name
        if self.refuses:
            return "451 4.3.0 come back later"
        return await super().handle_DATA(server, session, envelope)

    def handle_message(self, message):
        self.messages.append(message)


def test_a_mail_server_that_refuses_is_tried_again_and_both_pages_say_how_it_goes(cast, konsulent, post, settings):
    handler = Moody()
    port = free_port()
    settings.MAILERS = mailers(port)
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with context_of(konsulent):
            notify.send_mail(konsulent.tenant_id, [cast.fnt], subject="Indkaldelse: SSP Grundskole", path="/thisted/", notice=Notice.CALL)
        post.run()
        assert post.rows() == [("call", "", 1)] and handler.messages == []
        own, all_of_them = make_client(cast.fnt), make_client(cast.it)
        assert "Ikke afleveret endnu" in own.get("/thisted/mails/").content.decode()
        assert "Forsøgt 1 gange" in all_of_them.get("/thisted/mails/alle/?mangler=1").content.decode()
        handler.refuses = False
        post.later(2)
        post.run()
        assert post.rows() == [("call", "sent", 2)] and len(handler.messages) == 1
        assert "Afleveret til mailserveren" in own.get("/thisted/mails/").content.decode()
        assert cast.fnt.name not in all_of_them.get("/thisted/mails/alle/?mangler=1").content.decode()
        assert cast.fnt.name in all_of_them.get("/thisted/mails/alle/").content.decode()
    finally:
        controller.stop()


def test_every_try_has_the_same_message_number(cast, konsulent, post):
    with context_of(konsulent):
        notify.send_mail(konsulent.tenant_id, [cast.fnt], subject="Noget venter", path="/thisted/", notice=Notice.ACTION)
    post.run()
    with harness.admin(harness.DATABASE) as conn:  # the worker was killed between the mail server's yes and COMMIT
        conn.execute("update access_outboxmessage set sent_at = null, outcome = ''")
    post.run()
    first, second = post.smtp.messages
    assert first["Message-ID"] == second["Message-ID"] and first["Message-ID"]


def test_the_administrator_sees_kind_recipient_and_state_and_no_word_of_the_mail(cast, konsulent, post):
    meeting = move(konsulent, forum="p115") if has_called(konsulent, "p115") else move(konsulent)
    page = make_client(cast.it).get("/thisted/mails/alle/").content.decode()
    assert "Et møde har fået ny tid, nyt sted eller ny dagsorden" in page and cast.konsulent.name in page
    assert meeting.public_id not in page and meeting.forum.name not in page
    for user in (cast.konsulent, cast.dpo, cast.fnt):
        assert make_client(user, raise_request_exception=False).get("/thisted/mails/alle/").status_code == 404


def test_the_administrators_list_goes_on_to_older_ones(cast, konsulent, post):
    with context_of(konsulent):
        for _n in range(35):
            notify.send_mail(konsulent.tenant_id, [cast.fnt], subject="Noget venter", path="/thisted/", notice=Notice.ACTION)
    window = make_client(cast.it)
    first = window.get("/thisted/mails/alle/").content.decode()
    older = re.search(r'href="([^"]+foer=[^"]+)"', first)[1].replace("&amp;", "&")
    second = window.get(older).content.decode()
    assert (first.count("<tr>"), second.count("<tr>")) == (31, 6)
    assert window.get("/thisted/mails/alle/?foer=2026-99-99T00:00").status_code == 200


def test_ones_own_list_hides_the_name_of_a_forum_one_no_longer_reads(cast, konsulent, post):
    meeting = move(konsulent)
    window = make_client(cast.fnt)
    assert meeting.forum.name in window.get("/thisted/mails/").content.decode().split("<main", 1)[1]
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update access_outboxmessage set forum_id = 999999")
    page = window.get("/thisted/mails/").content.decode().split("<main", 1)[1]
    assert "Et møde har fået ny tid, nyt sted eller ny dagsorden" in page and meeting.forum.name not in page


def test_the_administrators_function_answers_nobody_else(cast, konsulent, post):
    move(konsulent)
    for user, sees in ((cast.it, True), (cast.konsulent, False), (cast.dpo, False)):
        with context_of(actor_of(user, "thisted")):
            assert bool(notify.mails_of_tenant(undelivered=False, before=None, limit=10)) is sees
    with context_of(actor_of(cast.users["mors-koordinator"], "morsoe")):
        assert notify.mails_of_tenant(undelivered=False, before=None, limit=10) == []


# ---- proposals ------------------------------------------------------------------------------------------------------
def test_a_proposal_is_told_to_who_convenes_and_its_answer_to_the_proposer(cast, konsulent, post):
    from meetings import proposal_actions
    from municipalities.models import Forum

    with context_of(actor_of(cast.fnt, "thisted")) as actor:
        forum = Forum.objects.select_related("tenant").get(key="grundskole")
        for meeting in Meeting.objects.filter(forum=forum).coming():
            starts_at = timezone.now() + timedelta(days=30)
            Meeting.objects.filter(pk=meeting.pk).update(proposals_until=timezone.localdate() + timedelta(days=5), starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        proposal = proposal_actions.propose(forum, actor=actor, title="Zebraforslag", text="Zebratekst", kind="DROEFTELSE", park=False)
    post.run()
    post.later(20)
    sent = post.run()
    assert post.to(sent, cast.konsulent) and not post.to(sent, cast.fnt)
    with context_of(konsulent):
        proposal_actions.decline_proposal(proposal, actor=konsulent, sentence="Zebrasvar")
    post.run()
    post.later(20)
    sent += post.run()
    assert len(post.to(sent, cast.fnt)) == 1
    assert not [message for message in sent if "Zebra" in text_of(message)]
