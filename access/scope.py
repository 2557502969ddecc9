"""What the border knows about a tenant; the model lives in `municipalities`."""

from dataclasses import dataclass


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

    @property
    def is_in_a_kreds(self) -> bool:
        """True for a kommune that names its politikreds."""
        return self.is_kommune and self.parent_id is not None
