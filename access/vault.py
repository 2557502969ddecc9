"""Encryption at rest: CPR numbers and stored files, AES-256-GCM with a key that is never in the database."""

import base64
import os
import secrets
from pathlib import Path
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"  # the first byte names the key, so that keys can be changed later
NONCE = 12


class SealBrokenError(Exception):
    """Stored bytes do not fit the key or what they are bound to: they were changed, or the key is another."""


def seal(clear: bytes, bound_to: str) -> bytes:
    """Encrypt. `bound_to` (such as «person:17») is authenticated, so that a value cannot be moved to another row."""
    nonce = os.urandom(NONCE)
    return VERSION + nonce + AESGCM(settings.SSP_DATA_KEY).encrypt(nonce, clear, bound_to.encode())


def unseal(sealed: bytes, bound_to: str) -> bytes:
    """Decrypt what `seal` made; raises SealBrokenError."""
    sealed = bytes(sealed)
    if sealed[:1] != VERSION:
        raise SealBrokenError("unknown key version")
    try:
        return AESGCM(settings.SSP_DATA_KEY).decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], bound_to.encode())
    except InvalidTag as error:
        raise SealBrokenError("the stored value was changed or sealed with another key") from error


def seal_text(clear: str, bound_to: str) -> str:
    """`seal` for a column of text: base64."""
    return base64.b64encode(seal(clear.encode(), bound_to)).decode()


def unseal_text(sealed: str, bound_to: str) -> str:
    """Decrypt what `seal_text` made; raises SealBrokenError."""
    return unseal(base64.b64decode(sealed), bound_to).decode()


class FileStore:
    """Encrypted files in SSP_HOME/files; the name is random and says nothing."""

    suffix: ClassVar[str] = ".sealed"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Store and return the new file's key. Written to a temporary name first: a crash leaves no half file."""
        key = secrets.token_hex(16)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.folder / f"{key}.part"
        draft.write_bytes(seal(content, f"file:{key}"))
        draft.chmod(0o600)
        draft.rename(self._path(key))
        return key

    def get(self, key: str) -> bytes:
        """The content; raises FileNotFoundError or SealBrokenError."""
        return unseal(self._path(key).read_bytes(), f"file:{key}")

    def remove(self, key: str) -> None:
        """Delete the file; a missing one is no error."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not key.isalnum():
            raise FileNotFoundError(key)
        return self.folder / f"{key}{self.suffix}"


def file_store() -> FileStore:
    """The store that the settings name."""
    return FileStore(Path(settings.SSP_HOME) / "files")

