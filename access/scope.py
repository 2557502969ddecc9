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
