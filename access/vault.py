"""Encryption at rest: CPR numbers and stored files, AES-256-GCM with a key that is never in the database."""

import base64
import io
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from django.conf import settings

VERSION = b"\x01"  # the first byte names the key, so that keys can be changed later
NONCE, TAG = 12, 16
PIECE = 1024 * 1024  # of a file that is sealed as it is written
FORGOTTEN = 24 * 3600  # seconds after which nobody is writing a draft any more


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


class GcmWriter:
    """AES-256-GCM in pieces: what is written comes out at `target` encrypted, and `finish` adds the mark that nothing is missing."""

    def __init__(self, target: "BinaryIO | GcmWriter", key: bytes, nonce: bytes, bound_to: bytes) -> None:
        self._target = target
        self._encryptor = Cipher(AES(key), GCM(nonce)).encryptor()
        self._encryptor.authenticate_additional_data(bound_to)

    def write(self, clear: bytes) -> int:
        """Encrypt and pass on; never more than a piece at a time in memory."""
        view = memoryview(clear)
        for start in range(0, len(view), PIECE):
            self._out(self._encryptor.update(view[start : start + PIECE]))
        return len(view)

    def flush(self) -> None:
        """Nothing waits here; a zip asks."""

    def finish(self) -> None:
        """The end: nothing can be written afterwards."""
        self._out(self._encryptor.finalize() + self._encryptor.tag)

    def _out(self, sealed: bytes) -> None:
        self._target.write(sealed)


class Draft(GcmWriter):
    """A file of the store that is being written: sealed as by `seal`, and there when its block has ended well."""

    def __init__(self, target: BinaryIO, key: str) -> None:
        nonce = os.urandom(NONCE)
        target.write(VERSION + nonce)
        super().__init__(target, settings.SSP_DATA_KEY, nonce, f"file:{key}".encode())
        self.key = key


def _opened(sealed: BinaryIO, bound_to: str) -> bytes:
    """As `unseal`, of a file. Nothing is handed out before the mark at its end has been checked."""
    left = os.fstat(sealed.fileno()).st_size - len(VERSION) - NONCE - TAG
    if sealed.read(len(VERSION)) != VERSION or left < 0:
        raise SealBrokenError("cut short, or an unknown key version")
    decryptor = Cipher(AES(settings.SSP_DATA_KEY), GCM(sealed.read(NONCE))).decryptor()
    decryptor.authenticate_additional_data(bound_to.encode())
    clear = io.BytesIO()  # its value is taken out without a copy
    while left > 0:
        piece = sealed.read(min(PIECE, left))
        if not piece:
            raise SealBrokenError("cut short while it was read")
        left -= len(piece)
        clear.write(decryptor.update(piece))
    try:
        decryptor.finalize_with_tag(sealed.read(TAG))
    except InvalidTag as error:
        raise SealBrokenError("the stored file was changed or sealed with another key") from error
    return clear.getvalue()


class FileStore:
    """Encrypted files in SSP_HOME/files; the name is random and says nothing."""

    suffix: ClassVar[str] = ".sealed"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Store and return the new file's key."""
        with self.writing() as draft:
            draft.write(content)
        return draft.key

    @contextmanager
    def writing(self) -> Iterator[Draft]:
        """A new file, piece by piece. Written to a temporary name first: a block that breaks off leaves no file, a kill a draft (`forget_drafts`)."""
        key = secrets.token_hex(16)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{key}.part"
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                draft = Draft(file, key)
                yield draft
                draft.finish()
            path.rename(self._path(key))
        finally:
            path.unlink(missing_ok=True)

    def forget_drafts(self) -> int:
        """Delete the drafts of whoever was killed while he wrote; for the scheduler. Returns how many."""
        old = [path for path in self.folder.glob("*.part") if time.time() - path.stat().st_mtime > FORGOTTEN]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def get(self, key: str) -> bytes:
        """The content; raises FileNotFoundError or SealBrokenError. Opened piece by piece: the sealed file stands in no memory beside it."""
        with self._path(key).open("rb") as sealed:
            return _opened(sealed, f"file:{key}")

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

