"""What the border knows about a tenant; the model lives in `municipalities`."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tenant:
    """The tenant that the URL names."""

    id: int
    slug: str
    name: str
    parent_id: int | None
    is_demo: bool
    is_kommune: bool = True  # else a politikreds
    has_sparring_door: bool = False
    terms: Mapping[str, str] = field(default_factory=dict)  # what the kommune calls things: municipalities.terms

    @property
    def is_in_a_kreds(self) -> bool:
        """True for a kommune that names its politikreds."""
        return self.is_kommune and self.parent_id is not None
