"""A file that leaves the house locked with a passphrase: scrypt makes the key, AES-256-GCM locks. Opened by `manage.py open_export`.

The layout is documented in docs/export-format.md, so that it can be opened without this product.
"""

import hashlib
import os
import secrets
from typing import BinaryIO, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from access.vault import PIECE, GcmWriter

MAGIC = b"SSPX1"
LOG_N, BLOCK, PARALLEL = 15, 8, 1  # 32 MB of memory for each guess
SALT, NONCE, TAG = 16, 12, 16
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


class LockedWriter(GcmWriter):
    """A file that is locked as it is written; it counts and sums what has come out. Its head is authenticated with it."""

    def __init__(self, target: BinaryIO | GcmWriter, lock: Lock) -> None:
        head = MAGIC + bytes([LOG_N, BLOCK, PARALLEL]) + lock.salt + os.urandom(NONCE)
        super().__init__(target, lock.key, head[-NONCE:], head)
        self.size, self._digest = 0, hashlib.sha256()
        self._out(head)

    def _out(self, sealed: bytes) -> None:
        super()._out(sealed)
        self.size += len(sealed)
        self._digest.update(sealed)

    @property
    def sha256(self) -> str:
        """Of the whole locked file, in hexadecimal."""
        return self._digest.hexdigest()


def open_file(locked: BinaryIO, clear: BinaryIO, passphrase: str) -> None:
    """Write the content to `clear`, piece by piece. Raises CannotOpenError: what has been written until then is to be thrown away."""
    head = locked.read(HEADER)
    if len(head) < HEADER or not head.startswith(MAGIC):
        raise CannotOpenError("This is no export of SSP.")
    if head[len(MAGIC) : len(MAGIC) + 3] != bytes([LOG_N, BLOCK, PARALLEL]):
        raise CannotOpenError("The export was locked in another way than this version knows.")
    left = locked.seek(0, os.SEEK_END) - HEADER - TAG
    locked.seek(HEADER)
    decryptor = Cipher(AES(lock_of(passphrase, head[len(MAGIC) + 3 : len(MAGIC) + 3 + SALT]).key), GCM(head[-NONCE:])).decryptor()
    decryptor.authenticate_additional_data(head)
    while left > 0:
        piece = locked.read(min(PIECE, left))
        left -= len(piece)
        clear.write(decryptor.update(piece))
    try:
        decryptor.finalize_with_tag(locked.read(TAG))
    except (InvalidTag, ValueError) as error:  # ValueError: shorter than a tag
        raise CannotOpenError("The passphrase is not right, or the file was changed.") from error
