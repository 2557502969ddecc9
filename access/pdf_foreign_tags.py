"""The tags of pages that are put between ours (access.pdf_pages): a file's own tree is hung into ours, a page without one gets one element."""

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, IndirectObject, NameObject, NullObject, NumberObject, TextStringObject

MOST_ELEMENTS = 200_000
KEPT = {"/Type", "/S", "/P", "/K", "/Pg", "/A", "/Alt", "/ActualText", "/E", "/Lang", "/T", "/ID"}  # of an element: no classes, which stand elsewhere


def keep_if_sound(root: Any) -> tuple[bool, bool]:
    """(tagged, bare) of a file that is being made harmless. A tree that cannot be walked is taken away: its pages are then neither."""
    if "/StructTreeRoot" not in root:
        return False, not (root.get("/MarkInfo") or {}).get("/Marked")
    try:
        own = secrets.token_hex(4)
        for element in _elements(root["/StructTreeRoot"]):
            _tidy(element)
            _rename(element, own)
        list(_numbers(root["/StructTreeRoot"]["/ParentTree"]))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        del root["/StructTreeRoot"]
        return False, False
    return True, False


def _elements(tree: Any) -> Iterator[Any]:
    """Every element of a tree. Raises ValueError when it goes in a circle, or is far too large."""
    waiting, seen = list(_kids(tree.get_object())), set[int]()
    while waiting:
        element = waiting.pop()
        reference = element.indirect_reference
        if reference is None or reference.idnum in seen or len(seen) > MOST_ELEMENTS:
            raise ValueError("no tree")
        seen.add(reference.idnum)
        yield element
        waiting.extend(_kids(element))


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K")
    kids = kids.get_object() if kids is not None else []
    found = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
    return [kid for kid in found if isinstance(kid, dict) and "/S" in kid]


def _tidy(element: Any) -> None:
    for key in set(element) - KEPT:
        del element[key]
    kids = element.get("/K")
    if kids is not None and isinstance(kids.get_object(), list):  # the notes it points at are copied anew: they hang in no tree
        element[NameObject("/K")] = ArrayObject(kid for kid in kids.get_object() if not _is_note(kid))
    elif kids is not None and _is_note(kids):
        del element["/K"]


def _rename(element: Any, own: str) -> None:
    """What the cells of a table call each other: not as in another file."""
    if "/ID" in element:
        element[NameObject("/ID")] = TextStringObject(f"{own}-{element['/ID']}")
    said = element.get("/A")
    said = said.get_object() if said is not None else []
    parts = [part.get_object() for part in (said if isinstance(said, list) else [said])]
    if any(isinstance(part, dict) and "/Headers" in part for part in parts):
        element[NameObject("/A")] = ArrayObject(_renamed(part, own) for part in parts)


def _renamed(part: Any, own: str) -> Any:
    if not (isinstance(part, dict) and "/Headers" in part):
        return part
    headers = ArrayObject(TextStringObject(f"{own}-{header}") for header in part["/Headers"])
    return DictionaryObject({**part, NameObject("/Headers"): headers})


def _is_note(kid: Any) -> bool:
    found = kid.get_object()
    return isinstance(found, dict) and found.get("/Type") == "/OBJR"


def _numbers(node: Any, depth: int = 0) -> Iterator[tuple[int, Any]]:
    """(number, value) of a number tree."""
    if depth > 20:
        raise ValueError("no tree")
    found = node.get_object()
    numbers = found.get("/Nums")
    if numbers is not None:
        pairs = numbers.get_object()
        yield from ((int(number), value) for number, value in zip(pairs[::2], pairs[1::2], strict=True))
    kids = found.get("/Kids")
    for kid in kids.get_object() if kids is not None else ():
        yield from _numbers(kid, depth + 1)


class OwnTree:
    """The tag tree of our document while pages are put into it."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        catalogue: Any = writer.root_object
        self.root: Any = catalogue["/StructTreeRoot"].get_object()
        self.document: Any = _kids(self.root)[0]
        self.pairs: Any = self.root["/ParentTree"].get_object()["/Nums"].get_object()
        self.next = max(self.pairs[::2], default=-1) + 1

    def mark(self, pages: Sequence[Any], behind: Any) -> None:
        """One paragraph for each page, round all that is written on it."""
        section = self._section(behind)
        for page in pages:
            element = self._element("/P", section, {"/Pg": page.indirect_reference, "/K": NumberObject(0)})
            self._below(section).append(element)
            self._number(page, ArrayObject([element]))
            found = page.get("/Contents")
            drawn = found.get_object() if found is not None else ArrayObject()
            parts = list(drawn) if isinstance(drawn, ArrayObject) else [found]
            page[NameObject("/Contents")] = ArrayObject([self._stream(b"/P <</MCID 0>> BDC\n"), *parts, self._stream(b"\nEMC")])

    def hang(self, reader: PdfReader, pages: Sequence[Any], behind: Any) -> None:
        """The file's own tree, under a section of ours."""
        section = self._section(behind)
        catalogue: Any = reader.root_object
        source, where = catalogue["/StructTreeRoot"], catalogue.raw_get("/StructTreeRoot")
        copied = self.writer._id_translated[id(reader)]
        if isinstance(where, IndirectObject):
            copied[where.idnum] = section.idnum  # whatever has the file's root above it has our section above it
        self._below(section).extend(self._copy(kid, section) for kid in _kids(source))
        numbers = dict(_numbers(source["/ParentTree"]))
        for page, original in zip(pages, reader.pages, strict=True):
            owners = numbers.get(int(original.get("/StructParents", -1)))
            if owners is not None:
                self._number(page, ArrayObject(self._owner(owner) for owner in owners.get_object()))
        for name, meant in (source.get("/RoleMap") or {}).items():
            self.root.setdefault(NameObject("/RoleMap"), DictionaryObject()).setdefault(NameObject(name), NameObject(meant))

    def _below(self, section: IndirectObject) -> Any:
        element: Any = section.get_object()
        return element["/K"]

    def _copy(self, element: Any, parent: IndirectObject) -> IndirectObject:
        copy = element.clone(self.writer)
        copy[NameObject("/P")] = parent
        found: IndirectObject = copy.indirect_reference
        return found

    def _owner(self, owner: Any) -> Any:
        return owner.clone(self.writer) if isinstance(owner, IndirectObject) else NullObject()

    def _section(self, behind: Any) -> IndirectObject:
        """A new section of our document, after the last part of it that stands on the page before."""
        kids = self.document["/K"].get_object()
        pages = [kid.get_object().get("/Pg") for kid in kids]
        own = [place for place, page in enumerate(pages) if page is not None and page.indirect_reference == behind.indirect_reference]
        section = self._element("/Sect", self.document.indirect_reference, {"/K": ArrayObject()})
        kids.insert(own[-1] + 1 if own else len(kids), section)
        return section

    def _element(self, kind: str, parent: Any, more: dict[str, Any]) -> IndirectObject:
        values = {"/Type": NameObject("/StructElem"), "/S": NameObject(kind), "/P": parent, **more}
        return self.writer._add_object(DictionaryObject({NameObject(key): value for key, value in values.items()}))

    def _number(self, page: Any, owners: ArrayObject) -> None:
        page[NameObject("/StructParents")] = NumberObject(self.next)
        page[NameObject("/Tabs")] = NameObject("/S")
        self.pairs.extend([NumberObject(self.next), self.writer._add_object(owners)])
        self.next += 1

    def _stream(self, content: bytes) -> IndirectObject:
        stream = DecodedStreamObject()
        stream.set_data(content)
        return self.writer._add_object(stream)
