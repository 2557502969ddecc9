"""The prevention model as a picture and as text: its three shapes, any number of bands, any length of name."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from municipalities.models import PreventionLevel, Tenant
from municipalities.prevention import BAND, LETTERS, MOST_LINES, SHAPE, WIDTH, prevention_model

PAGE = "/thisted/organisation/"
Shape = Tenant.PreventionShape


def levels(*names):
    return [PreventionLevel(pk=number, name=name, order=number, ssp_role=f"Hvad SSP gør på {name}") for number, name in enumerate(names, start=1)]


def points(band):
    return [tuple(float(number) for number in point.split(",")) for point in band.points.split()]


@given(st.sampled_from(list(Shape)), st.lists(st.text(alphabet="abcdæøå §", min_size=1, max_size=80), min_size=1, max_size=9))
def test_every_band_stands_inside_the_picture_and_on_top_of_the_one_below(shape, names):
    model = prevention_model(shape, levels(*names))
    assert [band.number for band in model.bands] == list(range(len(names), 0, -1))
    assert model.height == BAND * len(names)
    floor = 0.0
    for band in model.bands:
        ys = [y for _x, y in points(band)]
        assert floor <= min(ys) < max(ys) <= model.height
        assert all(0 <= x <= SHAPE for x, _y in points(band))
        floor = max(ys)
        assert len(band.lines) <= MOST_LINES and all(len(line) <= LETTERS for _y, line in band.lines)
        assert all(min(ys) - 6 <= y <= max(ys) + 6 for y, _line in band.lines)


def test_the_three_shapes_differ():
    bands = {shape: prevention_model(shape, levels("a", "b", "c")).bands for shape in Shape}
    top, bottom = bands[Shape.TREKANT][0], bands[Shape.TREKANT][-1]
    assert points(top)[3][0] > points(bottom)[0][0] and points(top)[2][0] < points(bottom)[1][0]  # a triangle narrows
    assert {x for band in bands[Shape.NIVEAUER] for x, _y in points(band)} == {0, SHAPE}
    assert [points(band)[0][0] for band in bands[Shape.TRAPPE]] == [104.0, 52.0, 0.0]  # the higher a step, the further in it begins


def test_no_bands_no_picture():
    assert prevention_model("trappe", []) is None


def test_the_drawing_and_the_list_say_the_same():
    with translation.override("da"):
        model = prevention_model("trappe", levels("Trygge vilkår", "En vej ud"), on={2}, notes={1: "4 indsatser"}, addresses={2: "/thisted/x/"})
        html = render_to_string("municipalities/_prevention_model.html", {"model": model, "key": "k"})
    drawing, text = html.split("</svg>")
    assert re.search(r'role="img" aria-labelledby="pm-k-t pm-k-d"', drawing)
    assert ">Forebyggelsestrappen</title>" in drawing and ">2: En vej ud. 1: Trygge vilkår.</desc>" in drawing
    assert drawing.count('class="on"') == drawing.count('class="off"') == 1
    assert "style=" not in html
    assert [text.index(part) for part in ("/thisted/x/", "(valgt)", "Trygge vilkår", "4 indsatser", "Hvad SSP gør på Trygge")] == sorted(
        text.index(part) for part in ("/thisted/x/", "(valgt)", "Trygge vilkår", "4 indsatser", "Hvad SSP gør på Trygge")
    )
    assert f'viewBox="0 0 {WIDTH} {model.height}"' in html


def test_the_organisations_page_shows_the_kommunes_own_model(visit, cast):
    html = visit(cast.elev).get(PAGE).content.decode()
    part = html[html.index('id="forebyggelse"') :]
    assert "Forebyggelsestrekanten" in part
    assert part.index("Kriminalitetsforebyggende</span>") < part.index("SSP arbejder sammen med myndighederne") < part.index("Opbyggende</span>")


@pytest.mark.parametrize("shape", list(Shape))
def test_every_shape_has_a_title(shape):
    assert prevention_model(shape, levels("a")).title
