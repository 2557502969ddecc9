"""The zip that a whole kommune's export is, as docs/export-format.md describes it."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable
from typing import IO, Any, Self, cast

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from access.dates import clock
from access.models import LogEntry, User
from access.vault import GcmWriter, file_store
from municipalities.models import Tenant

FORMAT = "ssp-export-1"
README = """SSP: alle data om {name}

Filen er lavet {day}. Den indeholder personoplysninger om børn og unge. Opbevar den derefter.

manifest.json   hvad filen indeholder: antal rækker og SHA-256 af hver del
tables/*.jsonl  en tabel i hver fil, en række på hver linje, som JSON i UTF-8
users.jsonl     de personer, som rækkerne peger på med et id
log.jsonl       adgangsloggen, nyeste først
files/          de filer, som rækkerne peger på, for eksempel rapporter som PDF

Et felt, der ender på _id, peger på id i en anden tabel. Tidspunkter er i UTC efter ISO 8601.
"""
LOG_FIELDS = (
    "id", "timestamp", "action", "object_pk", "object_repr", "changes", "actor_id", "forum_id", "seat", "purpose", "note", "route", "subjects",
)  # fmt: skip


class Archive:
    """A zip that counts and sums what goes into it, and leaves for `sink` as it is made: no more than one file stands in memory."""

    def __init__(self, tenant: Tenant, sink: GcmWriter, alive: Callable[[], None]) -> None:
        self.tenant = tenant
        self._alive = alive
        self.begun_at = timezone.now()
        self.parts: list[dict[str, Any]] = []
        self._waiting: list[tuple[str, object, str]] | None = None  # files of the table that is being written
        self._zip = zipfile.ZipFile(cast("IO[bytes]", sink), "w", zipfile.ZIP_DEFLATED)  # closed by finish, or with what went wrong; it writes and never seeks

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    def add_table(self, name: str, rows: Iterable[dict[str, Any]]) -> None:
        """One table as JSON Lines, row by row: no table stands in memory but as the zip has made it small."""
        self.add_rows(f"tables/{name}.jsonl", rows)

    def add_rows(self, path: str, rows: Iterable[dict[str, Any]]) -> None:
        """Rows as JSON Lines under a name of their own."""
        number, size, digest = 0, 0, hashlib.sha256()
        with self._zip.open(path, "w", force_zip64=True) as part:
            self._waiting = []  # a zip has one part open at a time: the files of the rows follow their table
            for row in rows:
                number += 1
                line = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode() + b"\n"
                size += part.write(line)
                digest.update(line)
        self.parts.append({"path": path, "bytes": size, "sha256": digest.hexdigest(), "rows": number})
        waiting, self._waiting = self._waiting, None
        for file in waiting:
            self.add_file(*file)

    def add_file(self, table: str, pk: object, key: str) -> None:
        """A stored file, unsealed; nothing without a key."""
        if key and self._waiting is not None:
            self._waiting.append((table, pk, key))
        elif key:
            self._alive()
            content = file_store().get(key)
            kind = "pdf" if content.startswith(b"%PDF") else "bin"
            self._add(f"files/{table}/{pk}.{kind}", content)

    def _add(self, path: str, content: bytes) -> None:
        self._zip.writestr(path, content)
        self.parts.append({"path": path, "bytes": len(content), "sha256": self.digest(content)})

    def finish(self) -> None:
        """Manifest and explanation last."""
        self._zip.writestr("README.txt", README.format(name=self.tenant.name, day=f"{timezone.localtime(self.begun_at):%d.%m.%Y} kl. {clock(self.begun_at)}"))
        manifest = {
            "format": FORMAT, "tenant": {"name": self.tenant.name, "slug": self.tenant.slug, "code": self.tenant.code},
            "begun_at": self.begun_at.isoformat(), "finished_at": timezone.now().isoformat(), "parts": self.parts,
        }  # fmt: skip
        self._zip.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        self._zip.close()

    @staticmethod
    def digest(content: bytes) -> str:
        """SHA-256 in hexadecimal."""
        return hashlib.sha256(content).hexdigest()


def user_row(user: User) -> dict[str, Any]:
    """Who somebody is: never a password, a factor or another kommune."""
    return {"id": user.pk, "name": user.name, "email": user.email, "title": user.title, "is_system": user.is_system}


def log_row(entry: LogEntry) -> dict[str, Any]:
    """One line of the access log."""
    kind = ContentType.objects.get_for_id(entry.content_type_id)  # from Django's cache
    return {"table": f"{kind.app_label}_{kind.model}", **{name: getattr(entry, name) for name in LOG_FIELDS}}
