"""What an item of an agenda does, what fills it, and who presents it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

CLOSED_ITEM_TITLE = "§ 115"


class ItemKind(models.TextChoices):
    """What the meeting does with an item."""

    ORIENTERING = "ORIENTERING", _("Information")
    DROEFTELSE = "DROEFTELSE", _("Discussion")
    BESLUTNING = "BESLUTNING", _("Decision")
    SAG = "SAG", _("Case")
    DATA = "DATA", _("Data")


class Fill(models.TextChoices):
    """What fills a standing item by itself when a meeting's agenda is made."""

    NOTHING = "", _("Nothing: written by hand")
    LAST_MINUTES = "LAST_MINUTES", _("The latest minutes")
    OPEN_AGREEMENTS = "OPEN_AGREEMENTS", _("Open agreements")
    CASES_DUE = "CASES_DUE", _("Cases due")
    PLAN_FOLLOW_UPS = "PLAN_FOLLOW_UPS", _("Follow-ups of the plan")
    NEW_DATA = "NEW_DATA", _("New figures")
    HANDOVER_ABOVE = "HANDOVER_ABOVE", _("News from the forum above")
    HANDOVER_BELOW = "HANDOVER_BELOW", _("News from the forums below")
    NEXT_MEETING = "NEXT_MEETING", _("The next meeting")


class PresenterKind(models.TextChoices):
    """Who presents a standing item: holders of seats, the forum itself, or everybody round the table."""

    ROLE = "ROLE", _("Holders of seats")
    BODY = "BODY", _("The forum as a whole")
    ALL = "ALL", _("Everybody")
