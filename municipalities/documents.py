"""What goes into the PDFs of the organisation: the picture with its list, one forum's mandate, all mandates. Each reader's own."""

from typing import Any, NamedTuple

from access.request import TenantRequest
from municipalities.drawing import Drawing
from municipalities.mandate import mandate
from municipalities.models import Organisation
from municipalities.organisation import ForumCard, cards, now_and_before, overview, read_forums
from municipalities.parts import standing_agendas
from municipalities.picture import areas_of, organisation_picture
from municipalities.prevention import tenant_prevention

SMALLEST = 0.15  # millimetres a unit of the drawing: below it, its notes are smaller than 6 points


class Paper(NamedTuple):
    """A page on its side: its name in css/pdf-organisation.css, and the room for a picture in millimetres."""

    name: str
    width: float
    height: float


A4, A3 = Paper("a4", 257, 128), Paper("a3", 380, 212)


def organisation_context(request: TenantRequest) -> dict[str, Any]:
    """For templates/municipalities/pdf/organisation.html."""
    now, _before = now_and_before(overview(request, read_forums(request.actor)))
    drawing = organisation_picture(now, areas_of(request.tenant.id), terms=request.tenant.terms, on_paper=True)
    authorities = [(mark.value, mark.label) for mark in Organisation.Mark]
    return {"cards": now, "drawing": drawing, **_sized(drawing), "authorities": authorities, "prevention": tenant_prevention(request.tenant.id)}


def _sized(drawing: Drawing) -> dict[str, Any]:
    """The smallest paper on which the picture can be read, and how large it stands there."""
    if not drawing.boxes:
        return {"paper": A4.name}
    scales = [(paper, min(paper.width / drawing.width, paper.height / drawing.height)) for paper in (A4, A3)]
    paper, scale = next((found for found in scales if found[1] >= SMALLEST), scales[-1])
    scale = min(scale, 0.26)  # a small organisation is not blown up
    return {"paper": paper.name, "width": f"{drawing.width * scale:.1f}mm", "height": f"{drawing.height * scale:.1f}mm"}


def mandate_context(request: TenantRequest, card: ForumCard) -> dict[str, Any]:
    """For templates/municipalities/pdf/mandates.html with one forum."""
    return _mandates(request, [card])


def mandates_context(request: TenantRequest) -> dict[str, Any]:
    """The same of every forum that shows this reader more than its name. Queries do not follow their number."""
    now, _before = now_and_before(cards(request, read_forums(request.actor)))
    return _mandates(request, [card for card in now if card.shows_more])


def _mandates(request: TenantRequest, found: list[ForumCard]) -> dict[str, Any]:
    agendas = standing_agendas(request, [card.forum for card in found if card.is_inside])
    return {"mandates": [mandate(card, request.tenant.slug, request.tenant.terms, agendas.get(card.forum.pk)) for card in found]}
