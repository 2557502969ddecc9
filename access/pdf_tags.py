"""What WeasyPrint leaves out of a tagged PDF, and PDF/UA-1 (ISO 14289-1) asks for. A finisher for `write_pdf`."""

from typing import Any

PRINT = 1 << 2  # of an annotation's flags


def finish_tags(document: Any, pdf: Any) -> None:
    """Header cells say what they head (7.5), running lines are no content (7.8), links are printed (7.18.1)."""
    parts: list[Any] = [part for part in pdf.objects if isinstance(part, dict)]
    _add_header_scopes(parts)
    _free_running_lines(pdf, parts)
    for part in parts:
        if part.get("Subtype") == "/Link":
            part["F"] = part.get("F", 0) | PRINT


def _add_header_scopes(parts: list[Any]) -> None:
    """Give every TH a Scope. WeasyPrint lists for each TD its headers; a TH that a TD of its own row points to is a row header."""
    cells = {part.reference: part for part in parts if part.get("S") in ("/TH", "/TD")}
    for row in parts:
        if row.get("S") == "/TR":
            _mark_row([cells[kid] for kid in row["K"] if kid in cells])


def _mark_row(cells: list[Any]) -> None:
    pointed_to = {header.string for cell in cells if cell["S"] == "/TD" for header in cell["A"].get("Headers", ())}
    for cell in cells:
        if cell["S"] == "/TH":
            cell["A"]["Scope"] = "/Row" if "ID" in cell and cell["ID"].string in pointed_to else "/Column"


def _free_running_lines(pdf: Any, parts: list[Any]) -> None:
    """Heads, feet and page numbers become artifacts. WeasyPrint gives them elements that hang in no tree: by that they are known."""
    by_reference = {part.reference: part for part in pdf.objects}
    root = next(part for part in parts if part.get("Type") == "/StructTreeRoot")
    in_tree = _below(root, by_reference)
    numbers = by_reference[root["ParentTree"]]["Nums"]
    of_page = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for page in parts:
        if page.get("Type") == "/Page":
            elements = of_page[page["StructParents"]]
            loose = {mcid for mcid, element in enumerate(elements) if element not in in_tree}
            _make_artifacts(by_reference[page["Contents"]].stream, loose)
            for mcid in loose:
                elements[mcid] = "null"


def _below(root: Any, by_reference: dict[Any, Any]) -> set[Any]:
    found, waiting = set(), list(root["K"])
    while waiting:
        reference = waiting.pop()
        if reference in by_reference and reference not in found:  # numbers are marked content, not elements
            found.add(reference)
            waiting.extend(by_reference[reference].get("K", ()))
    return found


def _make_artifacts(stream: list[Any], loose: set[int]) -> None:
    for place, word in enumerate(stream):
        if isinstance(word, dict) and word.get("MCID") in loose:
            stream[place - 1] = "/Artifact"
            word.clear()
            word["Type"] = "/Pagination"
