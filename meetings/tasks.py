"""The scheduler's rounds of meetings: look whether somebody is to be told something."""

from celery import shared_task
from django.utils import timezone

from meetings import digest, reminders


@shared_task
def tell_of_the_week() -> None:
    """On Monday morning: the weekly mails that are not written yet."""
    digest.tell_everybody(timezone.now())


@shared_task
def remind_of_agreements() -> None:
    """On weekdays: reminders of aftaler that are due and not written yet."""
    reminders.remind_everybody(timezone.now())
