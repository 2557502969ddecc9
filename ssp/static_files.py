"""The files that pages are drawn with: packed, under names that change with their content."""

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # it has no types


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the same
    """WhiteNoise's storage; an address is worked out once, not for each of a page's ten files (script/bench)."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._address = cache(super().url)

    def url(self, name: str, force: bool = False) -> str:
        """The address of a file; ValueError for one that `collectstatic` has not seen."""
        found: str = self._address(name, force)
        return found
