"""The scale of concern. No person data: reports may know it too."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConcernLevel(models.IntegerChoices):
    """How worried the forum is about a young person."""

    LOW = 1, _("Attention")
    SOME = 2, _("Worry")
    HIGH = 3, _("Serious worry")
    ACUTE = 4, _("Acute")
