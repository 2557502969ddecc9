"""How often something is done that may not be done all the time: a secret address that is tried, somebody who is asked again and again."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

MINUTE = timedelta(minutes=1)


def too_many(request: HttpRequest, what: str, *, most: int) -> bool:
    """Count one more wrong try from where the request comes; True beyond `most` in a minute. Asked of wrong tries alone: a right one is never held up."""
    return too_often(f"{what}:{get_adapter().get_client_ip(request)}", most=most, within=MINUTE)


def too_often(what: str, *, most: int, within: timedelta) -> bool:
    """Count once more; True beyond `most` since the first of them, for as long as `within`."""
    key = f"wrong:{what}"
    if cache.add(key, 1, within.total_seconds()):
        return False
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # its time ended just now
        return False
