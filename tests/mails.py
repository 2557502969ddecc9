"""Mails in committing tests: the test itself is the worker, the mail server is real, and the clock of the outbox can be put forward."""

import re
import socket
from email.header import decode_header, make_header

import pytest

from access import notify
from tests import harness


def text_of(message):
    """Everything that a mail which came out of the server says, calendar and addresses left as they are: headers and all bodies, decoded."""
    parts = [str(make_header(decode_header(value))) for value in message.values()]
    for part in message.walk():
        if not part.is_multipart():
            parts.append(part.get_payload(decode=True).decode(errors="replace"))
    return re.sub(r"\r?\n ", "", "\n".join(parts))


def mailers(port=harness.SMTP_PORT):
    """MAILERS that send to a real mail server: the one that `smtp` starts, or what listens (or does not) on the port."""
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 10}}}


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Post:
    """The mails of a kommune."""

    def __init__(self, smtp, slug="thisted"):
        self.smtp = smtp
        with harness.admin(harness.DATABASE) as conn:
            self.tenant_id = conn.execute("select id from municipalities_tenant where slug = %s", [slug]).fetchone()[0]
            conn.execute("delete from access_outboxmessage")  # what the demo has left

    def run(self):
        """The worker's round. Returns the mails that came to the server by it."""
        before = len(self.smtp.messages)
        while notify.empty_outbox(self.tenant_id):
            pass
        return self.smtp.messages[before:]

    def later(self, minutes):
        """Let all that waits be so much older."""
        with harness.admin(harness.DATABASE) as conn:
            conn.execute("update access_outboxmessage set created_at = created_at - make_interval(mins => %(m)s), due_at = due_at - make_interval(mins => %(m)s)", {"m": minutes})

    def rows(self, **where):
        """(notice, outcome, attempts) of the mails that fit, oldest first."""
        with harness.admin(harness.DATABASE) as conn:
            rule = " and ".join(f"{column} = %({column})s" for column in where) or "true"
            query = f"select notice, outcome, attempts from access_outboxmessage where kind = 'mail' and {rule} order by created_at"
            return conn.execute(query, where).fetchall()

    @staticmethod
    def to(messages, user):
        """Those of the mails that went to a person."""
        return [message for message in messages if message["To"] == user.email]


@pytest.fixture
def post(transactional_db, monkeypatch, settings, smtp):
    """The mails of Thisted, with a real mail server; nothing leaves before `post.run()`."""
    monkeypatch.setattr(notify, "wake_outbox", lambda tenant_id: None)
    settings.MAILERS = mailers()
    return Post(smtp)
