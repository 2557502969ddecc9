"""What every PDF of the product has to be: PDF/UA-1 by an independent checker, and the little that it does not look at."""

import io
from itertools import pairwise

import page as checker
from pypdf import PdfReader


def elements(node):
    """Every element of a tag tree, in reading order."""
    if isinstance(node, list):
        for kid in node:
            yield from elements(kid.get_object() if hasattr(kid, "get_object") else kid)
    elif hasattr(node, "get") and "/S" in node:
        yield node
        kids = node.get("/K", [])
        yield from elements(kids.get_object() if hasattr(kids, "get_object") else kids)


def faults(content: bytes) -> list[str]:
    """Sentences about what is wrong with the document; none when all is well."""
    report = checker.validate_pdf_bytes(content, profile=checker.ValidationProfile.PDF_UA_1)
    found = [f"{failure.rule_id}: {failure.message}" for failure in report.failures]
    if report.rules.total < 100:
        found.append(f"the checker knows only {report.rules.total} rules")
    return found + _own_faults(PdfReader(io.BytesIO(content)))


def _own_faults(document: PdfReader) -> list[str]:
    root = document.root_object
    tree = list(elements(root["/StructTreeRoot"]["/K"].get_object()))
    levels = [int(element["/S"][2]) for element in tree if element["/S"] in ("/H1", "/H2", "/H3", "/H4")]
    annotations = [annotation.get_object() for page in document.pages for annotation in page.get("/Annots", ())]
    operations = [(operator, operands) for page in document.pages for operands, operator in page.get_contents().operations]
    artifacts = [operands for operator, operands in operations if operator == b"BDC" and operands[0] == "/Artifact" and operands[1].get("/Type") == "/Pagination"]
    checks = {
        "the reader's window is not named after the title": root["/ViewerPreferences"]["/DisplayDocTitle"] and document.metadata.title,
        "no language, or an unknown one": root["/Lang"] in ("da", "en"),
        "the first heading is not level 1": levels[:1] == [1],
        "a heading skips a level": all(after <= before + 1 for before, after in pairwise(levels)),
        "a header cell without a scope": all(element["/A"].get("/Scope") for element in tree if element["/S"] == "/TH"),
        "a figure without a text": all(element.get("/Alt") for element in tree if element["/S"] == "/Figure"),
        "a link that is not printed or not described": all(annotation["/F"] & 4 and annotation.get("/Contents") for annotation in annotations),
        "running lines are read aloud on every page": len(artifacts) >= len(document.pages) - 1,
    }
    return [sentence for sentence, is_well in checks.items() if not is_well]
