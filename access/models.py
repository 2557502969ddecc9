"""Users, the access log, and the outbox. No model here knows what a kommune or a forum is."""

import uuid
from typing import Any, ClassVar

from auditlog.models import AbstractLogEntry
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.concerned import READS, ChangeLog
from access.constraints import RowSecurity
from access.labels import label_of
from access.notices import Notice, Way
from access.public_ids import new_public_id
from access.roles import seat_name


def shown_name(first_name: str, last_name: str, email: str) -> str:
    """A person's name as it is shown; who has none is called by the address."""
    return f"{first_name} {last_name}".strip() or email


class User(AbstractUser):
    """One human being, in any number of kommuner; deactivated, never deleted.

    There are no superusers: the database refuses them, because guardian and Django would let them past every wall.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    mark = models.CharField(_("authority"), max_length=10, default="andre")
    is_demo = models.BooleanField(default=False)
    is_system = models.BooleanField(default=False)
    is_operator = models.BooleanField(default=False)  # may set kommuner up, and sees none of them

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_superuser=False), name="user_no_superuser"),
            models.CheckConstraint(condition=Q(is_operator=False) | Q(is_system=False), name="user_operator_is_a_person"),
        ]

    @property
    def name(self) -> str:
        """The name as it is shown."""
        return shown_name(self.first_name, self.last_name, self.email)

    @property
    def initials(self) -> str:
        """Two letters for the round mark beside the name."""
        return "".join(part[0] for part in (self.first_name, self.last_name) if part).upper() or self.email[:2].upper()

    def __str__(self) -> str:
        return self.name


class Purpose(models.TextChoices):
    """Why person data was opened or changed: a closed list (LAW.md § 6). No purpose is an investigation (§ 115 stk. 2)."""

    MEETING = "meeting", _("The coming meeting")
    FOLLOW_UP = "follow_up", _("Follow-up of an agreement")
    NEW_INFORMATION = "new_information", _("New information")
    FAMILY_REQUEST = "family_request", _("Request from the family")
    OTHER = "other", _("Other")
    REGISTRATION = "registration", _("Opening a new case")
    DOCUMENT = "document", _("Document for the meeting")
    RECUSAL = "recusal", _("Somebody is disqualified")
    SEARCH = "search", _("Search in agendas and minutes")
    SUPERVISION = "supervision", _("Supervision of the log")
    EXPORT = "export", _("The kommune takes its data out of the product")
    DATA_LOAD = "data_load", _("Loading of invented demo data")


ASKED_PURPOSES = (Purpose.MEETING, Purpose.FOLLOW_UP, Purpose.NEW_INFORMATION, Purpose.FAMILY_REQUEST, Purpose.OTHER)


class LogEntry(AbstractLogEntry):
    """Reads and changes in one table: django-auditlog's log-entry model, swapped for ours.

    Insert-only for the app; actor, tenant, time and transaction are stamped by a trigger, so what Python sends for
    them does not matter. Partitioned by month, owned by ssp_audit_owner. Subjects are person ids.
    """

    class Action(AbstractLogEntry.Action):
        """auditlog's create/update/delete, ours above 2; 100 is added to what was rolled back ("attempted")."""

        VIEW, LIST, SEARCH, DOCUMENT, EXPORT, UNMASK, DENIED = 3, 4, 5, 6, 7, 8, 9
        ATTEMPTED = 100
        READS: ClassVar[tuple[int, ...]] = tuple(READS)

    action = models.PositiveSmallIntegerField(
        choices=[
            (0, _("created")), (1, _("changed")), (2, _("deleted")), (3, _("opened")), (4, _("listed")), (5, _("searched")),
            (6, _("document made")), (7, _("exported")), (8, _("number shown")), (9, _("refused")),
            *[(100 + n, _("attempted, not shown")) for n in range(10)],
        ]
    )  # fmt: skip
    content_type = models.ForeignKey("contenttypes.ContentType", models.DO_NOTHING, related_name="+", db_constraint=False)
    actor = models.ForeignKey(User, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    tenant_id = models.BigIntegerField(null=True)  # a plain number: log rows outlive tenants
    forum_id = models.BigIntegerField(null=True)
    seat = models.CharField(max_length=200, blank=True)  # the seat that granted: role and organisation
    purpose = models.CharField(max_length=20, blank=True, choices=Purpose)
    note = models.CharField(max_length=300, blank=True)
    route = models.CharField(max_length=80, blank=True)
    subjects = ArrayField(models.BigIntegerField(), default=list)

    objects: ClassVar[Any] = ChangeLog()

    class Meta(AbstractLogEntry.Meta):
        db_table = '"audit"."logentry"'  # Django leaves an already quoted name alone
        default_permissions = ()

    _get_FIELD_display = label_of  # noqa: N815  # Django's name

    @property
    def seat_shown(self) -> str:
        """The seat or the appointment that granted, in words."""
        return seat_name(self.seat)

    @property
    def was_attempted(self) -> bool:
        """True when the access was rolled back and nothing was shown."""
        return self.action >= LogEntry.Action.ATTEMPTED


class OutboxMessage(models.Model):
    """A mail or a job that leaves after COMMIT: written in the transaction it belongs to, sent by the worker.

    The primary key is given by us, so that INSERT needs no right to read the row back.
    """

    class Kind(models.TextChoices):
        MAIL = "mail", _("Mail")
        JOB = "job", _("Job")

    class Outcome(models.TextChoices):
        """How a message left the outbox; empty while it waits."""

        SENT = "sent", _("Delivered to the mail server")
        JOINED = "joined", _("Delivered in one mail with another")
        WEEKLY = "weekly", _("Kept for the weekly mail")
        OFF = "off", _("Not sent: the recipient has chosen no mail")
        CLOSED = "closed", _("Not sent: the recipient may no longer see what it is about")
        UNDONE = "undone", _("Not sent: taken back before it left")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant_id = models.BigIntegerField()
    kind = models.CharField(max_length=4, choices=Kind)
    recipient = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=200, blank=True)  # the page the mail links to
    notice = models.CharField(max_length=9, choices=Notice, blank=True)  # what a mail is about
    bundle = models.CharField(max_length=60, blank=True)  # mails of one bundle to one recipient may leave as one
    is_urgent = models.BooleanField(default=False)  # useless if it waits: a change of a meeting that begins within a day
    forum_id = models.BigIntegerField(null=True)  # a plain number, as in the log: the subject names a forum that its readers alone may see
    payload = models.JSONField(default=dict)  # a job's name and ids; a mail's template and .ics
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant_id", "due_at"], condition=Q(sent_at=None), name="outbox_due"),
            models.Index(fields=["tenant_id", "recipient", "-created_at"], condition=Q(kind="mail"), name="outbox_of_recipient"),
            models.Index(fields=["tenant_id", "-created_at"], condition=Q(kind="mail"), name="outbox_newest"),
        ]
        constraints = [RowSecurity("outbox_2", name="outbox_rls")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class MailChoice(models.Model):
    """How one person wants one kind of mail from one kommune. Without a row the default of the kind holds."""

    tenant_id = models.BigIntegerField()
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    notice = models.CharField(max_length=9, choices=Notice)
    way = models.CharField(_("how"), max_length=8, choices=Way)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "user", "notice"], name="mailchoice_once"), RowSecurity("mail_choice", name="mailchoice_rls")]

    def __str__(self) -> str:
        return f"{self.notice}: {self.way}"
