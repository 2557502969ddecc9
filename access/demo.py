"""One-click login for invented people. The switch refuses to start as soon as one user is not a demo user."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from access.models import User


def real_people_exist() -> bool:
    """True if any user is neither a demo user nor a system user."""
    return User.objects.filter(is_demo=False, is_system=False).exists()


def refuse_demo_among_real_people() -> None:
    """Raise ImproperlyConfigured when demo login is on and a real user exists. Called at start-up."""
    if settings.SSP_DEMO and real_people_exist():
        raise ImproperlyConfigured("SSP_DEMO is on, but the database holds people who are not invented. Unset SSP_DEMO and start again.")


def demo_users() -> list[User]:
    """The people one may log in as by one click, in the order in which they were loaded."""
    if not settings.SSP_DEMO:
        return []
    return list(User.objects.filter(is_demo=True, is_active=True, is_system=False).exclude(title="").order_by("pk"))
