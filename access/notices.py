"""What a mail is about, and what its recipient may choose for each kind: at once, gathered, in the weekly mail, or not at all.

No model and no database here: words and rules, read by the models, the delivery and the page of choices.
"""

from collections.abc import Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Notice(models.TextChoices):
    """What a mail is about."""

    CALL = "call", _("You are called to a meeting")
    CANCELLED = "cancelled", _("A meeting is cancelled")
    ACTION = "action", _("Something waits for your decision")
    ACCESS = "access", _("Your access, your seats and your calendar address")
    CHANGE = "change", _("A meeting has another time, place or agenda")
    MINUTES = "minutes", _("Minutes are ready or opened again")
    PROPOSAL = "proposal", _("Proposals for an agenda")
    PLAN = "plan", _("News of plans and descriptions of tasks")
    ORDERED = "ordered", _("What you have ordered is ready")
    REMINDER = "reminder", _("Reminders of your agreements")
    DIGEST = "digest", _("The week: meetings, agreements and approvals")


class Way(models.TextChoices):
    """How one person wants one kind of mail."""

    AT_ONCE = "at_once", _("At once")
    BUNDLED = "bundled", _("Gathered, after 20 minutes")
    WEEKLY = "weekly", _("In the weekly mail")
    MONDAY = "monday", _("Every Monday morning")
    OFF = "off", _("No mail")


# what can be chosen for each kind; the first is what holds until somebody chooses
WAYS: Mapping[Notice, tuple[Way, ...]] = {
    Notice.CHANGE: (Way.BUNDLED, Way.AT_ONCE, Way.WEEKLY, Way.OFF),
    Notice.MINUTES: (Way.AT_ONCE, Way.BUNDLED, Way.WEEKLY, Way.OFF),
    Notice.PROPOSAL: (Way.BUNDLED, Way.AT_ONCE, Way.WEEKLY, Way.OFF),
    Notice.PLAN: (Way.AT_ONCE, Way.BUNDLED, Way.WEEKLY, Way.OFF),
    Notice.ORDERED: (Way.AT_ONCE, Way.OFF),
    Notice.REMINDER: (Way.AT_ONCE, Way.WEEKLY, Way.OFF),
    Notice.DIGEST: (Way.MONDAY, Way.OFF),
}
# why the others always come, at once
ALWAYS: Mapping[Notice, str | Promise] = {
    Notice.CALL: _("Who is called must know when and where, and answer whether he comes. Without that the meeting cannot be held."),
    Notice.CANCELLED: _("Otherwise you would go to a meeting that is not held."),
    Notice.ACTION: _("A law or a rule of the cooperation gives you the decision. Nothing happens until you take it."),
    Notice.ACCESS: _("You must know at once when somebody gives you access or takes it away, or makes an address from which your meetings can be read."),
}


def is_chosen(notice: str) -> bool:
    """True for kinds that the recipient may choose about."""
    return bool(notice) and Notice(notice) in WAYS
