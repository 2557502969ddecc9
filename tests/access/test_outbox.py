"""The outbox: what is ordered in a transaction leaves after COMMIT, once, or not at all."""

import contextlib
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from access import notify
from access.actor import Actor
from access.models import OutboxMessage
from access.notices import Notice
from tests.conftest import acting
from tests.mails import free_port, mailers


@pytest.fixture
def system(cast, actor_for):
    tenant_id = actor_for(cast.konsulent).tenant_id
    return Actor(user_id=notify._system_user_id(tenant_id), tenant_id=tenant_id, is_system=True)


def order(cast, actor):
    notify.send_mail(actor.tenant_id, [cast.fnt, cast.gade], subject="Indkaldelse: § 115-møder", path="/thisted/", notice=Notice.ACTION)


def test_a_mail_says_that_something_waits_and_links_to_it(cast, as_actor, system):
    with as_actor(cast.konsulent) as actor:
        order(cast, actor)
    with acting(system):
        for _ in range(2):
            message = OutboxMessage.objects.filter(sent_at=None, path="/thisted/").order_by("recipient_id").first()
            notify._deliver(message)
            message.sent_at = timezone.now()
            message.save()
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [([user.email], "Indkaldelse: § 115-møder") for user in sorted((cast.fnt, cast.gade), key=lambda user: user.pk)]
    assert "http://testserver/thisted/" in mail.outbox[0].body


def test_no_text_in_a_mail_begins_a_line_of_its_own(cast, as_actor, system):
    facts = {"meetings": [{"forum": "SSP\r\n\r\nVigtigt: https://evil.example/", "when": "onsdag", "path": "/thisted/"}], "open": 0}
    place = {"when": "onsdag", "place": "Rådhuset\n\nNyt login:\u2028https://evil.example/ssp"}
    with as_actor(cast.konsulent) as actor:
        for template, said in (("mail/digest.txt", facts), ("mail/deputy_comes.txt", place)):
            notify.send_mail(actor.tenant_id, [cast.fnt], subject="SSP\nBcc: x@evil.example", path="/thisted/", notice=Notice.ACTION, template=template, facts=said)
    with acting(system):
        for message in OutboxMessage.objects.filter(path="/thisted/").order_by("pk"):
            notify._deliver(message)
    digest, deputy = sorted(mail.outbox, key=lambda sent: "onsdag," in sent.body)
    assert digest.subject == deputy.subject == "SSP Bcc: x@evil.example"
    assert "- SSP Vigtigt: https://evil.example/, onsdag\n" in digest.body and "\nonsdag, Rådhuset Nyt login: https://evil.example/ssp\n" in deputy.body


def test_what_is_rolled_back_is_never_sent(cast, as_actor, system):
    with as_actor(cast.konsulent) as actor, contextlib.suppress(KeyError), transaction.atomic():
        order(cast, actor)
        raise KeyError
    with acting(system):
        assert OutboxMessage.objects.filter(path="/thisted/").count() == 0


def test_nobody_but_the_system_reads_anothers_mail(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        order(cast, actor)
        notify.queue_job(actor, "make_report", report_id=1)
        assert not OutboxMessage.objects.exclude(kind="mail", recipient=cast.konsulent).exists()
    for user in (cast.it, cast.dpo):
        with as_actor(user):
            assert not OutboxMessage.objects.exclude(recipient=user).exists()
    with as_actor(cast.fnt):
        assert OutboxMessage.objects.filter(path="/thisted/").count() == 1


def test_an_unknown_job_is_refused_at_once(cast, as_actor):
    with as_actor(cast.konsulent) as actor, pytest.raises(LookupError):
        notify.queue_job(actor, "no such job")


@pytest.mark.django_db(transaction=True)
class TestSending:
    """Committing tests with a mail server that is away, and one that is there."""

    @pytest.fixture
    def tenant_id(self, monkeypatch):
        monkeypatch.setattr(notify, "wake_outbox", lambda tenant_id: None)  # the test itself is the worker
        from access.models import User
        from municipalities.models import Tenant

        tenant = Tenant.objects.get(slug="thisted")
        recipient = User.objects.filter(is_demo=True).first()
        from access.context import context_of

        with context_of(Actor(user_id=notify._system_user_id(tenant.pk), tenant_id=tenant.pk, is_system=True)):
            OutboxMessage.objects.all().delete()  # what the demo has left
            notify.send_mail(tenant.pk, [recipient], subject="Et møde venter", path="/thisted/", notice=Notice.ACTION)
        return tenant.pk

    def waiting(self, tenant_id):
        from access.context import context_of

        with context_of(Actor(user_id=notify._system_user_id(tenant_id), tenant_id=tenant_id, is_system=True)):
            return list(OutboxMessage.objects.all())

    def test_a_mail_server_that_is_away_loses_nothing(self, tenant_id, settings, smtp):
        settings.MAILERS = mailers(free_port())  # nobody listens there
        notify.empty_outbox(tenant_id)
        (message,) = self.waiting(tenant_id)
        assert (message.sent_at, message.attempts) == (None, 1)
        assert message.error
        assert message.due_at > timezone.now() + timedelta(seconds=20)
        settings.MAILERS = mailers()
        from access.context import context_of

        with context_of(Actor(user_id=notify._system_user_id(tenant_id), tenant_id=tenant_id, is_system=True)):
            message.due_at = timezone.now()
            message.save()
        notify.empty_outbox(tenant_id)
        assert [str(make_header(decode_header(found["Subject"]))) for found in smtp.messages] == ["Et møde venter"]
        notify.empty_outbox(tenant_id)
        assert len(smtp.messages) == 1
        assert self.waiting(tenant_id)[0].sent_at is not None
