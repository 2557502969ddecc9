"""What a file is that somebody lays up: judged by its content, and its name must say the same.

Only kinds that a meeting needs and that carry no program: no macros, no pages of the web, no archives, nothing locked
that nobody else could read.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from typing import NamedTuple

import puremagic
from django.utils.translation import gettext as _

from access.cpr import LOOKS_LIKE_CPR

LONGEST_NAME = 120
MOST_PARTS, MOST_UNPACKED = 10_000, 300 * 1024 * 1024  # of an office file
# what zipfile raises of an archive that is broken, cut off, locked, packed in a way it does not know, or lacks the part that is read
UNREADABLE = (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # office files of before 2007, and what a password makes of a newer one
WEB = re.compile(r"<(!doctype|html|head|body|script|iframe|svg|math|\?xml|\?php)\b", re.IGNORECASE)
PROGRAM = re.compile(
    r"(^|/)(vbaproject|vbadata|activex|macrosheets|dialogsheets|basic|scripts)|(^|/)oleobject[^/]*\.bin$|\.(exe|dll|js|vbs|jar|cmd|bat|ps1|scr|hta)$", re.IGNORECASE
)
WORDML = b"application/vnd.openxmlformats-officedocument."


class FileRefusedError(ValueError):
    """The file cannot be taken; the message says why and what to do."""


class FileKind(NamedTuple):
    """A kind of file that is taken: its endings, and what it is served as."""

    key: str  # stored on the row
    label: str
    endings: tuple[str, ...]
    content_type: str
    fits: Callable[[bytes], bool]


def judge(name: str, content: bytes) -> FileKind:
    """The kind of a file. Raises FileRefusedError for what is not taken, or is not what its name says."""
    kind = next((kind for kind in KINDS if name.lower().endswith(kind.endings)), None)
    if kind is None:
        raise FileRefusedError(_("Files of this kind are not taken. Use %(kinds)s.") % {"kinds": taken()})
    if not content:
        raise FileRefusedError(_("The file is empty. Choose it again."))
    if not kind.fits(content):
        raise FileRefusedError(_("The file is not what its name says: it is no %(kind)s. Save it anew as %(kind)s, and choose it again.") % {"kind": kind.label})
    return kind


def clean_name(name: str) -> str:
    """A file's name without a path, signs that hide something, or signs that a disk refuses. Raises FileRefusedError for a CPR number."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    plain = "".join(sign if unicodedata.category(sign)[0] not in "CZ" else " " if unicodedata.category(sign)[0] == "Z" else "" for sign in plain)
    plain = " ".join(re.sub(r'[<>:"|?*%;]', " ", plain).split()).lstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    plain = f"{stem.strip()[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}"
    if LOOKS_LIKE_CPR.search(plain) or LOOKS_LIKE_CPR.search(re.sub(r"[\s._–-]+", "-", plain)):
        raise FileRefusedError(_("The file's name looks like a CPR number. Give the file another name, and choose it again."))
    return plain


def kind_of(key: str) -> FileKind:
    """The kind that stands on a row."""
    return next(kind for kind in KINDS if kind.key == key)


def taken() -> str:
    """The kinds that are taken, for a sentence."""
    return ", ".join(kind.label for kind in KINDS)


# ---- what each kind is by its content -------------------------------------------------------------------------------
def _magic(*endings: str) -> Callable[[bytes], bool]:
    def fits(content: bytes) -> bool:
        try:
            return puremagic.from_string(content[:65536]).lower() in endings
        except (puremagic.PureError, ValueError):
            return False

    return fits


def _pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and _magic(".pdf")(content)  # the mark comes first: no file that is two things


def _text(content: bytes) -> bool:
    """Words alone: letters that can be read, no control signs, and nothing a browser would take for a page or a machine for a program."""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        is_other = text.startswith(("#!", "%PDF", "{\\rtf", "MZ")) or WEB.search(text[:65536])
        return not is_other and not any(ord(sign) < 32 and sign not in "\t\r\n\f" for sign in text)
    return False


def _archive(content: bytes) -> zipfile.ZipFile:
    """The parts of an office file. Raises FileRefusedError when it is locked, carries a program, or grows too large."""
    if content.startswith(OLE):
        raise FileRefusedError(_("The file is locked with a password, or in an old format. Save it without a password in the new format, and choose it again."))
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefusedError(_("The file is locked with a password. Save it without one, and choose it again."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileRefusedError(_("The file becomes far too large when it is unpacked. Make its pictures smaller, and choose it again."))
    if any(PROGRAM.search(part.filename) for part in parts):
        raise FileRefusedError(_("The file holds macros or embedded programs. Save it without them, or as PDF, and choose it again."))
    return archive


def _office(main: str, content_type: bytes) -> Callable[[bytes], bool]:
    def fits(content: bytes) -> bool:
        if not content.startswith((b"PK\x03\x04", OLE)):
            return False
        try:
            with _archive(content) as archive:
                types = archive.read("[Content_Types].xml")
                if b"macroEnabled" in types:
                    raise FileRefusedError(_("The file holds macros or embedded programs. Save it without them, or as PDF, and choose it again."))
                return main in archive.namelist() and WORDML + content_type in types
        except UNREADABLE:
            return False

    return fits


def _open_document(content_type: bytes) -> Callable[[bytes], bool]:
    def fits(content: bytes) -> bool:
        if not content.startswith((b"PK\x03\x04", OLE)):
            return False
        try:
            with _archive(content) as archive:
                if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                    raise FileRefusedError(_("The file is locked with a password. Save it without one, and choose it again."))
                return archive.read("mimetype").strip() == content_type and "content.xml" in archive.namelist()
        except UNREADABLE:
            return False

    return fits


_ODF = "application/vnd.oasis.opendocument."
_MS = WORDML.decode()
KINDS = (
    FileKind("PDF", "PDF", (".pdf",), "application/pdf", _pdf),
    FileKind("PNG", "PNG", (".png",), "image/png", _magic(".png")),
    FileKind("JPEG", "JPEG", (".jpg", ".jpeg"), "image/jpeg", _magic(".jfif", ".jpg", ".jpeg")),
    FileKind("DOCX", "DOCX", (".docx",), f"{_MS}wordprocessingml.document", _office("word/document.xml", b"wordprocessingml.document.main+xml")),
    FileKind("XLSX", "XLSX", (".xlsx",), f"{_MS}spreadsheetml.sheet", _office("xl/workbook.xml", b"spreadsheetml.sheet.main+xml")),
    FileKind("PPTX", "PPTX", (".pptx",), f"{_MS}presentationml.presentation", _office("ppt/presentation.xml", b"presentationml.presentation.main+xml")),
    FileKind("ODT", "ODT", (".odt",), f"{_ODF}text", _open_document(f"{_ODF}text".encode())),
    FileKind("ODS", "ODS", (".ods",), f"{_ODF}spreadsheet", _open_document(f"{_ODF}spreadsheet".encode())),
    FileKind("TXT", "TXT", (".txt",), "text/plain; charset=utf-8", _text),
    FileKind("CSV", "CSV", (".csv",), "text/csv; charset=utf-8", _text),
)
