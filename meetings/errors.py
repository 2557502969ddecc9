"""What a write of this app refuses with; each carries a sentence for the screen."""

from datetime import datetime

from access.models import User
from municipalities.errors import StaleError


class MeetingStateError(ValueError):
    """The meeting is not in a state for this (held, locked, cancelled); the message says so and what to do."""


class PlanChangedError(MeetingStateError):
    """The year's proposal is another than the one that was shown."""


class LockedMinutesError(MeetingStateError):
    """The minutes are approved: a correction is a new note."""


class StaleTextError(ValueError):
    """Somebody else has saved the text since it was read. Holds theirs, and who it was and when; nothing has been overwritten."""

    def __init__(self, text: str, decision: str, version: int, saved_by: User | None, saved_at: datetime | None) -> None:
        super().__init__(f"the text is at version {version}")
        self.text, self.decision, self.version, self.saved_by, self.saved_at = text, decision, version, saved_by, saved_at


class StandingItemGoneError(StaleError):
    """Somebody else has removed the item from its standing agenda."""
