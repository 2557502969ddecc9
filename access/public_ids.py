"""Random ids for URLs: they tell nothing about how many rows there are, and guessing one is hopeless."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
LENGTH = 14  # 31**14 is about 2**69


def new_public_id() -> str:
    """A new random id, safe in a URL."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
