"""What a write of this app refuses with; each carries a sentence for the screen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from access.models import User


class CaseStateError(ValueError):
    """The case or the meeting is not in a state for this (closed, held, locked); the message says so and what to do."""


class GuestRefusedError(ValueError):
    """This person cannot be called in as a guest; the message says why."""


class StaleCaseError(ValueError):
    """Somebody else has saved the case since it was read. `theirs` is what stands there now; nothing has been overwritten."""

    def __init__(self, theirs: Mapping[str, Any], version: str) -> None:
        super().__init__("the case has been saved by another")
        self.theirs, self.version = theirs, version


class StaleDiscussionError(ValueError):
    """Somebody else has saved the discussion since it was read. Holds theirs, and who it was and when; nothing has been overwritten."""

    def __init__(self, facts: str, assessment: str, version: int, saved_by: User | None, saved_at: datetime | None) -> None:
        super().__init__(f"the discussion is at version {version}")
        self.facts, self.assessment, self.version, self.saved_by, self.saved_at = facts, assessment, version, saved_by, saved_at
