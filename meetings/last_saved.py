"""Who saved a text last, and when: what somebody is told who has written in it at the same time."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.dates import clock, day
from access.models import User


def last_saved(by: User | None, at: datetime | None, actor: Actor) -> str:
    """«Ditte Havmark gemte kl. 10.12», with the day when it is not today; empty when it is not known: a text from before it was noted.

    One's own text in another window is no other person's.
    """
    if by is None or at is None:
        return ""
    facts = {"name": by.name, "day": day(at), "clock": clock(at)}
    is_today, is_own = timezone.localdate(at) == timezone.localdate(), by.pk == actor.user_id
    if is_own:
        shape = _("You saved it yourself at %(clock)s") if is_today else _("You saved it yourself %(day)s at %(clock)s")
    else:
        shape = _("%(name)s saved at %(clock)s") if is_today else _("%(name)s saved %(day)s at %(clock)s")
    return shape % facts
