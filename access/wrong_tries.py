"""How often somebody tries what is wrong: for an address that is a secret in itself, and so has no login before it."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 60  # seconds


def too_many(request: HttpRequest, what: str, *, most: int) -> bool:
    """Count one more wrong try from where the request comes; True beyond `most` in a minute. Asked of wrong tries alone: a right one is never held up."""
    key = f"wrong:{what}:{get_adapter().get_client_ip(request)}"
    if cache.add(key, 1, WINDOW):
        return False
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # its minute ended just now
        return False
