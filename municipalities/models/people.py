"""The people of a kommune beside their seats: the pledge they have given, how they were invited, and a file of them that waits."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity
from access.models import User
from access.public_ids import new_public_id
from municipalities.models.tenant import TenantRow

PLEDGE_VERSION = 1  # raise it together with a new file templates/municipalities/pledges/<version>.html: then everybody is asked again


class PersonState(models.TextChoices):
    """Where a person stands in one kommune. Said of his seats here and his invitation, never of accounts elsewhere."""

    INVITED = "INVITED", _("Invited")
    ACTIVE = "ACTIVE", _("Active")
    EXPIRED = "EXPIRED", _("Invitation expired")
    ENDED = "ENDED", _("Has left")


class ConfidentialityPledge(TenantRow):
    """Somebody has accepted the duty of confidentiality in this tenant. Written once; without it nobody sees a person.

    The database stamps the time. `version` says which text he was shown.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="pledges")
    version = models.PositiveSmallIntegerField()
    accepted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("duty of confidentiality")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "version"], name="confidentialitypledge_once"),
            RowSecurity("pledge", name="confidentialitypledge_rls"),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class Invitation(TenantRow):
    """A person has been invited by mail to this tenant. The link in the mail is signed, and made as the mail leaves.

    Sending again raises `times_sent`, which ends the earlier link. `name` is as the administrator wrote it: until the
    invited has come, no screen shows whether an account with another name was there before.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="invitations")
    name = models.CharField(max_length=150)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    times_sent = models.PositiveSmallIntegerField(default=1)
    is_bulk = models.BooleanField(default=False)  # one of many in a file: not counted among those of the hour
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        indexes = [models.Index(fields=["tenant", "user"], name="invitation_tenant_user")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], condition=models.Q(revoked_at=None), name="invitation_one_open"),
            RowSecurity("invitation", name="invitation_rls"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.public_id}"


class PeopleImport(TenantRow):
    """The rows of a file of people, read and waiting for somebody to confirm. Gone when confirmed, and after a day."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    rows = models.JSONField(default=list)  # as written in the file: {"line", "name", "email", "forum", "role", "organisation"}

    class Meta:
        verbose_name = _("file of people")
        constraints = [RowSecurity("people_import", name="peopleimport_rls")]

    def __str__(self) -> str:
        return f"file {self.public_id}"
