"""How long an item has taken against its planned minutes."""

from dataclasses import dataclass
from datetime import datetime

from meetings.models import AgendaItem


@dataclass(frozen=True)
class ItemTime:
    """The clock of one item at one moment."""

    planned: int  # minutes
    seconds: int
    is_running: bool
    is_begun: bool

    @property
    def is_over(self) -> bool:
        """More than was planned; never of a heading, whose sub-items take the time."""
        return self.planned > 0 and self.seconds > self.planned * 60

    @property
    def reading(self) -> str:
        """«4:05», and «1:04:05» after an hour."""
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def time_of(item: AgendaItem, now: datetime) -> ItemTime:
    """The item's clock as it stands now."""
    return ItemTime(item.duration, item.seconds_spent(now), item.is_running, is_begun=item.started_at is not None)
