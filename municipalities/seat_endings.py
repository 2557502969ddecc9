"""What other apps do when somebody's seat ends. `municipalities` tells; the app above registers what it does, from its `apps.py`."""

from collections.abc import Callable

from access.actor import Actor
from municipalities.models import Seat

type Ending = Callable[[Seat, Actor], None]
_endings: list[Ending] = []


def register_seat_ending(ending: Ending) -> None:
    """Called from an app's `ready()`. `ending(seat, actor)` is run in the transaction that ends the seat, for one that somebody held."""
    if ending not in _endings:
        _endings.append(ending)


def tell_seat_ended(seat: Seat, actor: Actor) -> None:
    """Everybody who wants to know is told."""
    for ending in _endings:
        ending(seat, actor)
