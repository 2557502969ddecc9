"""A file of people as somebody made it in a spreadsheet: read, never trusted. No row is judged here (`municipalities.people_import`).

Read without keeping more than the rows that are allowed: an XLSX is unpacked in reading mode and only after a look at
how large it would become. Whatever is wrong with the file as a whole is one Danish sentence.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import puremagic
from django.utils.translation import gettext as _

from access.file_kinds import UNREADABLE

MOST_ROWS = 500
MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 200
MOST_COLUMNS = 30
MOST_BLANK = 200  # blank rows in a run: below that the sheet is over
LONGEST_CELL = 300
MARK = "\ufeff"  # of the byte order, before a text in Unicode
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
HEADINGS = {  # column -> how it may be headed; the first is the one of our template
    "name": ("navn", "fulde navn"),
    "email": ("e-mail", "email", "mail", "e-mailadresse", "mailadresse"),
    "forum": ("forum", "netværk", "gruppe"),
    "role": ("rolle", "titel", "rolle/titel", "funktion", "plads"),
    "organisation": ("organisation", "arbejdssted", "forvaltning", "myndighed"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

type Cells = tuple[str, ...]


class FileRefusedError(ValueError):
    """The file cannot be used at all; the text is a sentence for who uploaded it."""


def read_people(name: str, content: bytes) -> list[dict[str, Any]]:
    """The filled rows as {"line", "name", "email", "forum", "role", "organisation", "cells"}; `cells` is all that stands in the row.

    Raises FileRefusedError. Reads at most MOST_ROWS rows and one.
    """
    if not content:
        raise FileRefusedError(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise FileRefusedError(too_large())
    lines = iter(_xlsx(content) if content.startswith(b"PK") else _csv(name, content))
    columns = _columns(_first_filled(lines))
    rows: list[dict[str, Any]] = []
    for line, cells in lines:
        if not any(cells):
            continue
        if len(rows) == MOST_ROWS:
            raise FileRefusedError(_("The file has more than %(n)s people. Split it into smaller ones, and import them one after the other.") % {"n": MOST_ROWS})
        rows.append({"line": line, "cells": cells, **{key: cells[columns[key]] if columns.get(key, MOST_COLUMNS) < len(cells) else "" for key in HEADINGS}})
    if not rows:
        raise FileRefusedError(_("There is no person below the headings."))
    return rows


def too_large() -> str:
    """What is said of a file that is larger than is taken."""
    return _("The file is larger than 5 MB. Split it into smaller ones.")


def _first_filled(lines: Iterator[tuple[int, Cells]]) -> Cells:
    return next((cells for _line, cells in lines if any(cells)), ())


def _columns(heads: Cells) -> dict[str, int]:
    """Column -> place. The order is free, and other columns are left alone."""
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        key = next((key for key, names in HEADINGS.items() if head.casefold().strip(" *:") in names), None)
        if key in found:
            raise FileRefusedError(_("Two columns are headed «%(heading)s». Keep one of them.") % {"heading": head})
        if key:
            found[key] = place
    # without forum and role nobody in the file gets a seat: then name and address are enough
    needed = HEADINGS.keys() if {"forum", "role"} & found.keys() else ("name", "email")
    missing = [HEADINGS[key][0] for key in needed if key not in found]
    if missing:
        raise FileRefusedError(_("These headings are missing in the first row: %(headings)s. Fetch the template to see them all.") % {"headings": ", ".join(missing)})
    return found


# ---- text -----------------------------------------------------------------------------------------------------------
def _csv(name: str, content: bytes) -> Iterator[tuple[int, Cells]]:
    text = _decoded(name, content)
    head = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, _tidy(cells)
    except csv.Error:
        raise FileRefusedError(_("Row %(n)s of the file cannot be read. Is a quotation mark missing?") % {"n": reader.line_num}) from None


def _decoded(name: str, content: bytes) -> str:
    """UTF-16 by its mark, as Excel saves «Unicode-tekst»; UTF-8 with or without its own, else Windows' western encoding.

    What holds control characters, or a mark where no text begins, is no text in any of them.
    """
    for encoding in ("utf-16",) if content.startswith(UTF16_MARKS) else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any((ord(sign) < 32 and sign not in "\t\r\n") or sign == MARK for sign in text):
            return text
    _refuse_other_kind(name, content)
    return ""


def _refuse_other_kind(name: str, content: bytes) -> None:
    try:
        kind = puremagic.from_string(content, filename=name).lstrip(".").upper()
    except (puremagic.PureError, ValueError):
        kind = ""
    if kind and kind not in ("CSV", "TXT") and not content.startswith(UTF16_MARKS):
        raise FileRefusedError(_("This is a file of the kind %(kind)s. Save it as XLSX or CSV, and choose it again.") % {"kind": kind})
    raise FileRefusedError(_("The letters of the file cannot be read. Save it as “CSV UTF-8” or as XLSX, and choose it again."))


# ---- spreadsheets -----------------------------------------------------------------------------------------------------
def _xlsx(content: bytes) -> Iterator[tuple[int, Cells]]:
    """The rows of the first sheet, one at a time."""
    _refuse_bomb(content)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not believed
        yield from _sheet_rows(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
    except FileRefusedError:
        raise
    except Exception:  # noqa: BLE001  # a broken workbook breaks openpyxl in any way there is
        raise FileRefusedError(_("The spreadsheet cannot be read. Save it as XLSX again, without a password, and choose it anew.")) from None


def _sheet_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Cells]]:
    blank = 0
    for line, values in enumerate(rows, start=1):
        cells = _tidy("" if value is None else str(value) for value in values)
        blank = 0 if any(cells) else blank + 1
        if blank > MOST_BLANK:
            return
        yield line, cells


def _refuse_bomb(content: bytes) -> None:
    """Look at the directory of the archive before anything is unpacked; reading never yields more than it says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise FileRefusedError(_("This is an archive, not a spreadsheet. Save the list as XLSX or CSV, and choose it again."))
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise FileRefusedError(_("The spreadsheet becomes far too large when it is unpacked. Copy the list to a new spreadsheet, and save that."))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.open(part).read(2048).replace(b"\x00", b""):
                    raise FileRefusedError(_("The spreadsheet holds something that does not belong there. Copy the list to a new spreadsheet, and save that."))
    except UNREADABLE:
        raise FileRefusedError(_("The spreadsheet cannot be read. Save it as XLSX again, without a password, and choose it anew.")) from None


def _tidy(values: Iterable[str]) -> Cells:
    return tuple(" ".join(value.split())[: LONGEST_CELL + 1] for value in values)
