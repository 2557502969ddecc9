"""The sparring door: where an employee who is worried about a child goes first, and the request to be called back."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity
from access.models import User
from access.public_ids import new_public_id
from municipalities.models.tenant import TenantRow


class SparringDoor(TenantRow):
    """The one door of a kommune: whom to ring, when, and what to do with a concern."""

    title = models.CharField(_("name of the door"), max_length=100)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    mail = models.EmailField(_("e-mail address"), blank=True)
    hours = models.CharField(_("open"), max_length=120, blank=True)
    text = models.TextField(_("what it is for"), blank=True)
    steps = models.TextField(_("what to do with a concern"), blank=True)  # one line each
    holder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who answers"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="sparringdoor_one"), RowSecurity("member", name="sparringdoor_rls")]

    @property
    def step_lines(self) -> list[str]:
        """The steps, one by one."""
        return [line.strip() for line in self.steps.splitlines() if line.strip()]

    @property
    def can_be_reached(self) -> bool:
        """True when there is a number, an address, opening hours or somebody to show."""
        return bool(self.phone or self.mail or self.hours or self.holder_id)

    @property
    def missing(self) -> list[str]:
        """What the administrator has not written yet, in words."""
        parts = ((self.phone or self.mail, _("a telephone number or an e-mail address")), (self.hours, _("when it is open")),
                 (self.holder_id, _("who answers requests to be called back")), (self.step_lines, _("what to do with a concern")))  # fmt: skip
        return [str(name) for there, name in parts if not there]

    @property
    def no_answer(self) -> str:
        """What is said while nobody answers requests: only a way in that is there is named."""
        if self.phone:
            return gettext("Nobody answers requests in SSP yet. Call instead.")
        return gettext("Nobody answers requests in SSP yet. Write a mail instead.") if self.mail else gettext("Nobody answers requests in SSP yet.")

    def __str__(self) -> str:
        return self.title


class CallRequest(TenantRow):
    """«Ring mig op»: how and when an employee can be reached. Nothing about a child; the asker and who answers see it."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    asker = models.ForeignKey(User, models.PROTECT, related_name="+")
    holder = models.ForeignKey(User, models.PROTECT, related_name="+")
    how = models.CharField(_("how to reach you"), max_length=80)
    when = models.CharField(_("when"), max_length=80)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [RowSecurity("call_request", name="callrequest_rls")]

    def __str__(self) -> str:
        return self.public_id
