"""What WeasyPrint leaves out of the tag tree of a PDF: whether a header cell is the header of its column or of its row."""

from typing import Any


def add_header_scopes(document: Any, pdf: Any) -> None:
    """A finisher for `write_pdf`: give every TH the attribute Scope, which PDF/UA-1 asks for (ISO 14289-1, 7.5).

    WeasyPrint lists for each TD the headers it belongs to; a TH that a TD of its own row points to is a row header.
    """
    parts: list[Any] = [part for part in pdf.objects if isinstance(part, dict)]
    cells = {part.reference: part for part in parts if part.get("S") in ("/TH", "/TD")}
    for row in parts:
        if row.get("S") == "/TR":
            _mark_row([cells[kid] for kid in row["K"] if kid in cells])


def _mark_row(cells: list[Any]) -> None:
    pointed_to = {header.string for cell in cells if cell["S"] == "/TD" for header in cell["A"].get("Headers", ())}
    for cell in cells:
        if cell["S"] == "/TH":
            cell["A"]["Scope"] = "/Row" if "ID" in cell and cell["ID"].string in pointed_to else "/Column"
