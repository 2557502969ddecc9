"""Who looks after what the worker has been ordered to make: some time after the order a job comes back, until the thing is finished.

A worker that is killed gives no sign of life; the next look takes over from it, long before the broker gives the job back.
"""

import logging

from access.actor import Actor
from access.notify import queue_job
from access.worker_rows import WorkerRow

logger = logging.getLogger(__name__)
MOST_TURNS = 4


def look_after_from_now(row: WorkerRow, job: str, *, actor: Actor, **ids: int) -> None:
    """Beside the order itself: the first look, when a worker that has died will be known to have."""
    queue_job(actor, job, wait=row.lease, turn=1, **ids)


def look_again(row: WorkerRow, job: str, *, actor: Actor, turn: int, **ids: int) -> bool:
    """Order the next look at a row that is not finished. False when so many workers have died over it that it is to be given up.

    Ordered before the work begins: who takes over may die as well.
    """
    if turn >= MOST_TURNS and not row.is_in_hand:
        logger.error("%s %s: its worker died %s times", row._meta.label, row.pk, turn)
        return False
    queue_job(actor, job, wait=row.lease_left or row.lease, turn=min(turn + 1, MOST_TURNS), **ids)
    return True
