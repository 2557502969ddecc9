from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The border: who you are, where, what you may, what you saw, what left."""

    name = "access"

    def ready(self) -> None:
        from access import checks  # noqa: F401  # registers the system checks
