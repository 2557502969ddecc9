"""The product's worker with one difference: it comes to the layout of a report and stays there. `celery -A tests.reports.stuck`."""

import os
import time
from pathlib import Path

from celery.signals import worker_ready

from ssp.celery import app

__all__ = ["app"]


@worker_ready.connect
def stay_in_the_middle(**_):
    from access import exports

    def stay(template, context):
        Path(os.environ["SSP_TEST_STUCK"]).touch()
        time.sleep(300)

    exports.render_pdf = stay
