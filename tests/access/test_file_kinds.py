"""What a laid-up file is: by its content, with a name that says the same."""

import io
import zipfile

import pytest

from access.file_kinds import FileRefusedError, clean_name, judge

OOXML = "application/vnd.openxmlformats-officedocument."
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 30
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 20 + b"\xff\xd9"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def archive(**parts):
    """A zip of these parts; a double underscore in a name is a slash, a single one at its end nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def office(main, word, **more):
    types = f'<Types><Override PartName="/{main}" ContentType="{OOXML}{word}.main+xml"/></Types>'
    return archive(**{"[Content_Types].xml": types, main: "<x/>", **more})


def open_document(word, manifest="<manifest/>", **more):
    return archive(**{"mimetype": f"application/vnd.oasis.opendocument.{word}", "META-INF/manifest.xml": manifest, "content.xml": "<x/>", **more})


def short(value):
    """The id of a case: never the bytes themselves."""
    return value if isinstance(value, str) else f"{len(value)} bytes"


DOCX = office("word/document.xml", "wordprocessingml.document")
XLSX = office("xl/workbook.xml", "spreadsheetml.sheet")
PPTX = office("ppt/presentation.xml", "presentationml.presentation")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, "PDF"), ("a.PDF", PDF, "PDF"), ("a.png", PNG, "PNG"), ("a.jpg", JPEG, "JPEG"), ("a.jpeg", JPEG, "JPEG"), ("a.docx", DOCX, "DOCX"),
        ("a.xlsx", XLSX, "XLSX"), ("a.pptx", PPTX, "PPTX"), ("a.odt", open_document("text"), "ODT"), ("a.ods", open_document("spreadsheet"), "ODS"),
        ("a.txt", "Blåbærgrød".encode(), "TXT"), ("a.txt", "Blåbærgrød".encode("cp1252"), "TXT"), ("a.csv", "Æ;Ø\n1;2".encode("utf-16"), "CSV"),
        ("a.txt", b"fewer < html than before", "TXT"), ("a.xlsx", office("xl/workbook.xml", "spreadsheetml.sheet", **{"xl/printerSettings/printerSettings1.bin": "x"}), "XLSX"),
    ],
    ids=short,
)  # fmt: skip
def test_taken(name, content, kind):
    assert judge(name, content).key == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ" + b"\0" * 80), ("a.pdf", b"MZ" + b"\0" * 80), ("a.txt", b"MZ\x90\0\x03" + b"\0" * 80), ("a.html", b"<html>"), ("a.txt", b"<!DOCTYPE html><p>"),
        ("a.csv", b"a;<script>alert(1)</script>"), ("a.svg", b"<svg xmlns='x'/>"), ("a.png", b"<svg xmlns='x'/>"), ("a.txt", b"<svg onload=x>"), ("a.txt", b"#!/bin/sh\nls"),
        ("a.pdf", b""), ("a.pdf", PNG), ("a.png", PDF), ("a.jpg", PNG), ("a.pdf", b"junk " + PDF), ("a", PDF), ("pdf", PDF), ("a.docm", DOCX), ("a.zip", DOCX),
        ("a.docx", XLSX), ("a.xlsx", DOCX), ("a.docx", archive(**{"x.txt": "x"})), ("a.docx", b"PK\x03\x04 broken"), ("a.docx", PDF), ("a.odt", open_document("spreadsheet")),
        ("a.docx", OLE), ("a.xlsx", OLE), ("a.odt", OLE), ("a.odt", open_document("text", "<manifest:encryption-data/>")),
        ("a.docx", office("word/document.xml", "wordprocessingml.document", **{"word/vbaProject.bin": "x"})),
        ("a.docx", office("word/document.xml", "wordprocessingml.document", **{"word/activeX/activeX1.xml": "x"})),
        ("a.docx", office("word/document.xml", "wordprocessingml.document", **{"word/embeddings/oleObject1.bin": "x"})),
        ("a.docx", DOCX.replace(b"document.main+xml", b"document.macroEnabled")),
        ("a.xlsx", office("xl/workbook.xml", "spreadsheetml.sheet", **{"xl/macrosheets/sheet1.xml": "x"})),
        ("a.odt", open_document("text", **{"Basic/Standard/Module1.xml": "x"})), ("a.odt", open_document("text", **{"Scripts/python/x.py": "x"})),
        ("a.docx", office("word/document.xml", "wordprocessingml.document", **{"word/media/run.exe": "x"})), ("a.txt", b"hidden \x00 sign"),
    ],
    ids=short,
)  # fmt: skip
def test_refused_with_a_sentence(name, content):
    with pytest.raises(FileRefusedError) as refused:
        judge(name, content)
    assert str(refused.value).endswith(".")


def test_a_locked_zip_and_one_that_grows_are_refused():
    locked = bytearray(DOCX)
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    bomb = office("word/document.xml", "wordprocessingml.document", **{f"word/media/{n}.xml": "" for n in range(10_001)})
    for content in (bytes(locked), bomb):
        with pytest.raises(FileRefusedError):
            judge("a.docx", content)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"), ("C:\\Users\\x\\Referat.pdf", "Referat.pdf"), ("gnip\u202efdp.exe.pdf", "gnipfdp.exe.pdf"), ("a\r\nb: c.pdf", "ab c.pdf"),
        ("  .skjult .pdf ", "skjult.pdf"), ('Årsplan "2026"?.pdf', "Årsplan 2026.pdf"), ("A\u030arsplan.pdf", "Årsplan.pdf"), ("x" * 300 + ".docx", "x" * 115 + ".docx"),
    ],
)  # fmt: skip
def test_a_name_is_cleaned(given, clean):
    assert clean_name(given) == clean


@pytest.mark.parametrize(
    "name",
    ["010110-1234.pdf", "Sag 0101101234.pdf", "010110_1234.pdf", "010110 1234 udtalelse.docx", "010110.1234.pdf"],
    ids=["hyphen", "ten digits", "underscore", "space", "point"],
)
def test_a_name_with_a_cpr_number_is_refused(name):
    with pytest.raises(FileRefusedError):
        clean_name(name)


def test_an_ordinary_date_is_no_cpr_number():
    assert clean_name("Referat 2026-02-14 kl. 9.30.pdf") == "Referat 2026-02-14 kl. 9.30.pdf"
