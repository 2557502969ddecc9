"""Pages of other people's PDFs put between our own: a meeting book.

`take_pages` judges one file and makes it harmless, or says why it cannot be put in. `bind` puts what was taken
behind the pages of ours that announce it.

What holds of the result: our own pages keep their tags, their bookmarks and their links; the document has its language and its
title. A file that is tagged keeps its own tags, hung under the section that announces it; the pages of one that is not are each
marked as one paragraph, so that a screen reader comes to their text in the order in which it was written. What others have
drawn cannot be promised to be PDF/UA (a scan has no text at all, a font may be missing), and so a book with their pages does
not claim it: the mark is taken out of the metadata. The announcing page is ours, and the file itself stays where it was.
"""

import io
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from access import pdf_foreign_tags as tags

MOST_PAGES = 1000  # of one file
KEPT_IN_ROOT = {"/Type", "/Pages", "/StructTreeRoot", "/MarkInfo", "/Lang", "/Version"}
KEPT_ON_PAGE = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/Contents", "/Group", "/Annots", "/Tabs",
    "/StructParents", "/UserUnit",
}  # fmt: skip
# notes that are drawn, and nothing else; a note that plays, opens or carries a file is none of them
KEPT_NOTES = {
    "/Link", "/Widget", "/FreeText", "/Text", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Ink", "/Line", "/Square", "/Circle",
    "/Polygon", "/PolyLine", "/Caret",
}  # fmt: skip
KEPT_IN_NOTE = {"/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F", "/Border", "/BS", "/C", "/IC", "/CA", "/QuadPoints", "/Contents", "/Dest"}
DROPPED_ANYWHERE = ("/AA", "/AF", "/EF", "/JS", "/PieceInfo", "/PresSteps")  # scripts, and files inside the file
WEB = ("http://", "https://", "mailto:")
CLAIM = re.compile(rb'<rdf:Description[^>]*pdfuaid:part="1"[^>]*/>')


class CannotTakeError(ValueError):
    """The file cannot be put in; the message is a word for why: locked, broken or long."""


class Taken(NamedTuple):
    """A file that can be put in: no script, no action, no embedded file, nothing of it but its pages and their tags."""

    content: bytes
    pages: int
    is_tagged: bool
    is_bare: bool  # without any tags: its pages are given one each


class Insert(NamedTuple):
    """A file that was taken, and the anchor on our page behind which it comes. `label` stands before its page numbers."""

    anchor: str
    label: str
    taken: Taken


def take_pages(content: bytes) -> Taken:
    """What can be put in of a PDF. Raises CannotTakeError, whatever is wrong with it."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise CannotTakeError("locked")
        if len(reader.pages) > MOST_PAGES:
            raise CannotTakeError("long")
        return _harmless(reader)
    except CannotTakeError:
        raise
    except Exception as error:  # whatever a broken or hostile file makes the library raise
        raise CannotTakeError("broken") from error


def _harmless(reader: PdfReader) -> Taken:
    writer = PdfWriter(clone_from=reader)
    root = writer.root_object
    for key in set(root) - KEPT_IN_ROOT:
        del root[key]
    for page in writer.pages:
        _disarm(page)
    for known in writer._objects:
        if isinstance(known, DictionaryObject):
            for key in DROPPED_ANYWHERE:
                known.pop(key, None)
    is_tagged, is_bare = tags.keep_if_sound(root)
    buffer = io.BytesIO()
    writer.write(buffer)
    count = count_pages(buffer.getvalue())  # what was written can be read
    if not count:
        raise CannotTakeError("broken")
    return Taken(buffer.getvalue(), count, is_tagged, is_bare)


def _disarm(page: Any) -> None:
    """Leave of a page what is drawn. Of its notes an address of the web may be followed, a place in the same file found; nothing is run, opened or played."""
    for key in set(page) - KEPT_ON_PAGE:
        del page[key]
    kept = [reference for reference in _at(page, "/Annots") or () if _is_harmless(reference.get_object())]
    if "/Annots" in page:
        page[NameObject("/Annots")] = ArrayObject(kept)


def _is_harmless(note: Any) -> bool:
    """Leave of a note what is drawn, and where it may lead. False when nothing is left of it."""
    kind, action = _at(note, "/Subtype"), _at(note, "/A")
    leads = _leads(action) if action is not None else None
    if kind not in KEPT_NOTES or (kind == "/Link" and action is not None and leads is None):
        return False
    for key in set(note) - KEPT_IN_NOTE:
        del note[key]
    if leads is not None:
        note[NameObject("/A")] = leads
    return True


def _leads(action: Any) -> DictionaryObject | None:
    """An action made anew, if it leads to an address of the web or to a place in the same file."""
    kind = _at(action, "/S")
    if kind == "/GoTo" and "/D" in action:
        return DictionaryObject({NameObject("/S"): NameObject("/GoTo"), NameObject("/D"): action.raw_get("/D")})
    address = _at(action, "/URI") if kind == "/URI" else None
    text = address.decode("latin-1") if isinstance(address, bytes) else str(address or "")
    return DictionaryObject({NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject(text)}) if text.lower().startswith(WEB) else None


def _at(thing: Any, key: str) -> Any:
    """The value itself, also where the file holds a reference to it; a plain `get` would answer with the reference. None when it is not there."""
    return thing[key] if key in thing else None  # noqa: SIM401  # `get` is what must not be used


def count_pages(content: bytes) -> int:
    """How many pages a document has."""
    return len(PdfReader(io.BytesIO(content)).pages)


def bind(own: bytes, inserts: Iterable[Insert]) -> bytes:
    """Our document with each file behind the page on which its anchor stands, in their order."""
    inserts = list(inserts)
    if not inserts:
        return own
    writer = PdfWriter(clone_from=io.BytesIO(own))
    announced = PdfReader(io.BytesIO(own))
    at = {insert.anchor: announced.get_destination_page_number(announced.named_destinations[insert.anchor]) or 0 for insert in inserts}
    tree = tags.OwnTree(writer)
    for insert in reversed(inserts):  # from behind: what stands before keeps its place
        place = at[insert.anchor] + 1
        reader = PdfReader(io.BytesIO(insert.taken.content))
        writer.merge(place, reader, import_outline=False)
        pages = writer.pages[place : place + insert.taken.pages]
        if insert.taken.is_tagged:
            tree.hang(reader, pages, behind=writer.pages[place - 1])
        elif insert.taken.is_bare:
            tree.mark(pages, behind=writer.pages[place - 1])
    writer.root_object.pop("/AcroForm", None)
    _number(writer, inserts, at, len(announced.pages))
    _claim_nothing(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _number(writer: PdfWriter, inserts: list[Insert], at: dict[str, int], own_pages: int) -> None:
    """Page numbers as a reader's window shows them: ours go on where they were, each file's have its label before them."""
    first, done = 0, 0  # of the whole, of ours
    for insert in [*inserts, None]:
        ours = at[insert.anchor] + 1 if insert else own_pages
        if ours > done:
            writer.set_page_label(first, first + ours - done - 1, PageLabelStyle.DECIMAL, start=done + 1)
        first, done = first + ours - done, ours
        if insert:
            writer.set_page_label(first, first + insert.taken.pages - 1, PageLabelStyle.DECIMAL, prefix=f"{insert.label}-", start=1)
            first += insert.taken.pages


def _claim_nothing(writer: PdfWriter) -> None:
    found: Any = writer.root_object["/Metadata"].get_object()
    plain = DecodedStreamObject()
    plain.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    plain.set_data(CLAIM.sub(b"", found.get_data()))
    writer.root_object[NameObject("/Metadata")] = writer._add_object(plain)
