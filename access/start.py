"""What is asked before the product serves anything: web server and worker call it as they start."""

from access.checks import refuse_strong_role
from access.demo import refuse_demo_among_real_people


def refuse_to_start_unsafely() -> None:
    """Raise ImproperlyConfigured where a wall would not hold: too strong a database role, demo login among real people."""
    refuse_strong_role()
    refuse_demo_among_real_people()
