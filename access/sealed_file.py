"""A file that leaves the house locked with a passphrase: scrypt makes the key, AES-256-GCM locks. Opened by `manage.py open_export`.

The layout is documented in docs/export-format.md, so that it can be opened without this product.
"""

import os
import secrets
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"SSPX1"
LOG_N, BLOCK, PARALLEL = 15, 8, 1  # 32 MB of memory for each guess
SALT, NONCE = 16, 12
HEADER = len(MAGIC) + 3 + SALT + NONCE
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
GROUPS, LENGTH = 6, 5  # 31**30 is about 2**148


class CannotOpenError(ValueError):
    """No such file, another passphrase, or the file was changed."""


class Lock(NamedTuple):
    """A key and the salt it was made with."""

    key: bytes
    salt: bytes


def new_passphrase() -> str:
    """Six groups of five letters and digits, to be written down."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(GROUPS))


def lock_of(passphrase: str, salt: bytes | None = None) -> Lock:
    """The key of a passphrase. Takes a moment, on purpose; spaces, hyphens and capitals do not matter."""
    salt = salt if salt is not None else os.urandom(SALT)
    plain = "".join(letter for letter in passphrase.lower() if letter.isalnum())
    return Lock(Scrypt(salt=salt, length=32, n=2**LOG_N, r=BLOCK, p=PARALLEL).derive(plain.encode()), salt)


def lock_file(content: bytes, lock: Lock) -> bytes:
    """The locked file. Its head is authenticated with it."""
    head = MAGIC + bytes([LOG_N, BLOCK, PARALLEL]) + lock.salt + os.urandom(NONCE)
    return head + AESGCM(lock.key).encrypt(head[-NONCE:], content, head)


def open_file(locked: bytes, passphrase: str) -> bytes:
    """The content; raises CannotOpenError with a sentence."""
    head = locked[:HEADER]
    if len(head) < HEADER or not head.startswith(MAGIC):
        raise CannotOpenError("This is no export of SSP.")
    if head[len(MAGIC) : len(MAGIC) + 3] != bytes([LOG_N, BLOCK, PARALLEL]):
        raise CannotOpenError("The export was locked in another way than this version knows.")
    salt = head[len(MAGIC) + 3 : len(MAGIC) + 3 + SALT]
    try:
        return AESGCM(lock_of(passphrase, salt).key).decrypt(head[-NONCE:], locked[HEADER:], head)
    except InvalidTag as error:
        raise CannotOpenError("The passphrase is not right, or the file was changed.") from error
