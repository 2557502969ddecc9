"""The product's own settings; what differs is in the environment (bench/world.py)."""

from ssp.settings import *  # noqa: F403

LOGGING = {"version": 1, "disable_existing_loggers": True}
