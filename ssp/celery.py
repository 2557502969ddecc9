"""The Celery app (`celery -A ssp worker`, `celery -A ssp beat`), and the sign of life that /healthz looks for."""

from __future__ import annotations

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent, worker_init, worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ssp.settings")

app = Celery("ssp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def look_before_starting(**_: Any) -> None:
    """The worker holds to the same conditions as the web server; Celery swallows exceptions here, so leave outright."""
    from django.db import connection

    from access.start import refuse_to_start_unsafely

    try:
        refuse_to_start_unsafely()
    except Exception as error:  # whatever it is, this worker must not run
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from error
    connection.close()
    # Celery closes what sockets it finds when its pool starts, behind psycopg's back: leave none
    connection.close_pool()  # type: ignore[attr-defined]  # the PostgreSQL backend has it


@heartbeat_sent.connect
def tell_that_the_worker_lives(**_: Any) -> None:
    """Every two seconds, from the worker's main process: refresh the key that /healthz reads."""
    from ssp.health import write_sign_of_life

    write_sign_of_life()


@worker_shutdown.connect
def tell_that_the_worker_ends(**_: Any) -> None:
    """A worker that starts later must give its own sign."""
    from ssp.health import forget_sign_of_life

    forget_sign_of_life()
