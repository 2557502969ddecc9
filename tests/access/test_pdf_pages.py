"""Other people's pages between ours: harmless, tagged, numbered; and what cannot be put in says why."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from weasyprint import HTML

from access import pdf_pages
from access.exports import pdf_of
from access.pdf_pages import CannotTakeError, Insert, bind, take_pages
from tests.documents import elements, faults

OURS = """<html lang="da"><head><title>Mødebog</title></head><body><h1>Dagsorden</h1><p>Se <a href="#bilag-1.1">bilag</a> <a href="#bilag-1.2">og</a></p>
<section id="bilag-1.1" style="break-before:page"><h2>Bilag 1.1</h2></section><section id="bilag-1.2" style="break-before:page"><h2>Bilag 1.2</h2></section></body></html>"""
TAGGED = '<html lang="da"><head><title>x</title></head><body><h1>Fremmed</h1><p>Ord <a href="https://example.org/">web</a></p><p style="break-before:page">To</p></body></html>'
BARE = '<h1>Uden mærker</h1><p style="break-before:page">Side to</p><p style="break-before:page">Side tre</p>'


def bare(pages=BARE):
    return HTML(string=pages).write_pdf()


def blank(count=1, **encrypt):
    writer = PdfWriter()
    for _page in range(count):
        writer.add_blank_page(200, 200)
    if encrypt:
        writer.encrypt(**encrypt)
    return written(writer)


def written(writer):
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def read(content):
    return PdfReader(io.BytesIO(content))


def both():
    return [Insert("bilag-1.1", "1.1", take_pages(pdf_of(TAGGED))), Insert("bilag-1.2", "1.2", take_pages(bare()))]


def test_each_file_comes_behind_the_page_that_announces_it_with_numbers_of_its_own():
    book = read(bind(pdf_of(OURS), both()))
    assert [page.extract_text().split("\n")[0] for page in book.pages] == ["Dagsorden", "Bilag 1.1", "Fremmed", "To", "Bilag 1.2", "Uden mærker", "Side to", "Side tre"]
    assert list(book.page_labels) == ["1", "2", "1.1-1", "1.1-2", "3", "1.2-1", "1.2-2", "1.2-3"]
    assert (book.root_object["/Lang"], book.metadata.title) == ("da", "Mødebog")
    assert book.get_destination_page_number(book.named_destinations["bilag-1.2"]) == 4


def test_every_page_is_read_aloud_in_its_order():
    book = read(bind(pdf_of(OURS), both()))
    tree = list(elements(book.root_object["/StructTreeRoot"]["/K"].get_object()))
    order = []
    for element in tree:
        if "/Pg" in element:
            place = book.get_page_number(element["/Pg"])
            if place not in order:
                order.append(place)
    assert order == list(range(8))
    numbers = [page["/StructParents"] for page in book.pages]
    assert len(set(numbers)) == 8
    pairs = book.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    known = dict(zip(pairs[::2], pairs[1::2], strict=True))
    for page in book.pages:  # what stands on the page knows the element that holds it, and that element knows the page
        owner = next(owner for owner in known[page["/StructParents"]].get_object() if "/Pg" in (owner.get_object() or {}))
        assert owner.get_object()["/Pg"].indirect_reference == page.indirect_reference
    assert [element["/S"] for element in tree if element["/S"] == "/H1"] == ["/H1", "/H1"], "ours, and the heading of the file that has tags"


def test_a_book_of_ours_alone_is_pdf_ua_and_one_with_foreign_pages_does_not_say_so():
    own = pdf_of(OURS)
    assert bind(own, []) == own and b"pdfuaid:part" in read(own).root_object["/Metadata"].get_data()
    book = bind(own, both())
    assert b"pdfuaid:part" not in read(book).root_object["/Metadata"].get_data()
    assert not [fault for fault in faults(book) if "no language" in fault or "named after" in fault or "first heading" in fault]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (blank(user_password="hemmelig"), "locked"), (blank(user_password="hemmelig", algorithm="AES-256"), "locked"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", "broken"), (b"%PDF-1.4 rubbish", "broken"), (bare()[:1500], "broken"), (b"", "broken"),
        (written(PdfWriter()), "broken"),
    ],
    ids=["password", "aes", "no pages", "rubbish", "cut off", "empty", "none at all"],
)  # fmt: skip
def test_what_cannot_be_put_in_says_why(content, why):
    with pytest.raises(CannotTakeError, match=f"^{why}$"):
        take_pages(content)


def test_a_file_that_is_only_locked_against_changes_is_put_in():
    assert take_pages(blank(user_password="", owner_password="hemmelig")).pages == 1


def test_too_many_pages_are_not_put_in(monkeypatch):
    monkeypatch.setattr(pdf_pages, "MOST_PAGES", 3)
    assert take_pages(blank(3)).pages == 3
    with pytest.raises(CannotTakeError, match=r"^long$"):
        take_pages(blank(4))


def armed():
    """A file with everything that acts: scripts, a program to start, a hidden file, a form."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    writer.add_attachment("virus.exe", b"MZ hidden")
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('2')")})
    start = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")})
    web = DictionaryObject({NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject("https://example.org/"), NameObject("/Next"): script})
    box = ArrayObject([NumberObject(0), NumberObject(0), NumberObject(9), NumberObject(9)])
    notes = ArrayObject()
    for subtype, action in (("/Link", script), ("/Link", start), ("/Link", web), ("/Widget", script), ("/FileAttachment", None)):
        note = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject(subtype), NameObject("/Rect"): box})
        note[NameObject("/AA")] = DictionaryObject({NameObject("/E"): script})
        if action is not None:
            note[NameObject("/A")] = action
        notes.append(writer._add_object(note))
    page[NameObject("/Annots")] = notes
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    writer.root_object[NameObject("/OpenAction")] = script
    return written(writer)


def test_nothing_that_acts_comes_along():
    book = bind(pdf_of(OURS), [Insert("bilag-1.1", "1.1", take_pages(armed()))])
    for word in (b"/JavaScript", b"/Launch", b"/OpenAction", b"/AA", b"app.alert", b"cmd.exe", b"/EmbeddedFile", b"MZ hidden", b"/AcroForm"):
        assert word not in book, word
    (page,) = [page for page in read(book).pages if page.mediabox.width == 200]
    notes = [note.get_object() for note in page["/Annots"]]
    assert [(note["/Subtype"], (note.get("/A") or {}).get("/URI")) for note in notes] == [("/Link", "https://example.org/"), ("/Widget", None)]


def sly():
    """The same tricks, hidden from who looks at the first layer only: behind references, in keys that few know, in other schemes."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    described = {NameObject("/Type"): NameObject("/Filespec"), NameObject("/F"): TextStringObject("sly.exe"), NameObject("/EF"): DictionaryObject()}
    file = writer._add_object(DictionaryObject(described))
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('sly')")})
    box = ArrayObject([NumberObject(0), NumberObject(0), NumberObject(9), NumberObject(9)])

    def note(subtype, **more):
        kind = writer._add_object(NameObject(subtype))
        held = {NameObject("/Subtype"): kind, NameObject("/Rect"): box, **{NameObject(f"/{key}"): value for key, value in more.items()}}
        return writer._add_object(DictionaryObject(held))

    def web(address):
        return writer._add_object(DictionaryObject({NameObject("/S"): writer._add_object(NameObject("/URI")), NameObject("/URI"): TextStringObject(address)}))

    notes = [
        note("/FileAttachment", FS=file), note("/Unheard", FS=file), note("/Link", A=web("file://evil/share")), note("/Link", A=web("javascript:alert(1)")),
        note("/Link", A=web("HTTPS://example.org/"), PA=web("file://evil/share")), note("/Stamp", AF=file, FS=file),
    ]  # fmt: skip
    page[NameObject("/Annots")] = writer._add_object(ArrayObject(notes))
    page[NameObject("/AF")] = ArrayObject([file])
    page[NameObject("/PresSteps")] = DictionaryObject({NameObject("/NA"): script})
    return written(writer)


def test_what_hides_behind_references_and_rare_keys_stays_out_too():
    book = bind(pdf_of(OURS), [Insert("bilag-1.1", "1.1", take_pages(sly()))])
    for word in (b"sly", b"evil", b"javascript", b"/JavaScript", b"/FileAttachment", b"/Filespec", b"/PresSteps", b"/Unheard"):
        assert word not in book, word
    (page,) = [page for page in read(book).pages if page.mediabox.width == 200]
    notes = [note.get_object() for note in page["/Annots"]]
    assert [(note["/Subtype"], (note.get("/A") or {}).get("/URI")) for note in notes] == [("/Link", "HTTPS://example.org/"), ("/Stamp", None)]


def test_a_tree_of_tags_that_goes_in_a_circle_is_left_behind():
    writer = PdfWriter(clone_from=io.BytesIO(pdf_of(TAGGED)))
    root = writer.root_object["/StructTreeRoot"].get_object()
    document = root["/K"].get_object()[0] if isinstance(root["/K"].get_object(), list) else root["/K"]
    document.get_object()["/K"].append(document.get_object().indirect_reference)
    taken = take_pages(written(writer))
    assert (taken.pages, taken.is_tagged, taken.is_bare) == (2, False, False)
    assert len(read(bind(pdf_of(OURS), [Insert("bilag-1.1", "1.1", taken)])).pages) == 5
