"""The composition root. Celery's app is loaded with it, so that a task called anywhere finds our broker."""

from ssp.celery import app as celery_app

__all__ = ["celery_app"]
