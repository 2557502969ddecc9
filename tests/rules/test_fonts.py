"""Fonts of the screen: every name of the demo has its letters, each range is kept by its file, and the worst first load stays light."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from ssp.demo.load import read_demo

STATIC = Path(__file__).parents[2] / "static"
FACE = re.compile(r'@font-face\{font-family:"([^"]+)";src:url\(\.\./([^)]+)\)[^}]*?unicode-range:([^}]+)\}')
FACES = FACE.findall((STATIC / "css" / "1-tokens.css").read_text())
NAMES = "Łukasz Żurowska Đorđević Şahinbæk Öğüt İpek Čapek Dvořák Nguyen Ștefan Țepeș Kõiv Jānis Ūsiņš Šarūnas Győző Gašper Ħal Ə Æ Ø Å æøåéèüöäßñçëêîþðý"


def letters_of(ranges):
    bounds = [part.removeprefix("U+").split("-") for part in ranges.split(",")]
    return {letter for first, *last in bounds for letter in range(int(first, 16), int((last or [first])[0], 16) + 1)}


@pytest.mark.parametrize("family", ["SSP Sans", "SSP Serif"])
def test_names_have_their_letters(family):
    covered = set().union(*(letters_of(ranges) for name, _path, ranges in FACES if name == family))
    people = "".join(row["name"] for slug in ("thisted", "morsoe", "kreds") for kind in ("users", "persons") for row in read_demo(slug).get(kind, []))
    assert {chr(letter) for letter in map(ord, NAMES + people) if letter not in covered} == set()


@pytest.mark.parametrize(("family", "path", "ranges"), FACES, ids=[path for _family, path, _ranges in FACES])
def test_a_file_keeps_what_its_range_promises(family, path, ranges):
    font = TTFont(STATIC / path)
    promised = {letter for letter in letters_of(ranges) if chr(letter).isalpha()}
    assert {chr(letter) for letter in promised - set(font.getBestCmap())} == set()
    named = {str(record) for record in font["name"].names if record.nameID in (1, 4, 6)}
    assert named and all("Source" not in name for name in named), "the licence reserves that name for the originals"
    assert [(axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [(400, 700)]


def test_all_fonts_together_leave_room_for_the_page():
    """120 kB is the goal of a first load; styles, script, htmx and the page itself take about 31."""
    assert len(FACES) == 4
    assert sum((STATIC / path).stat().st_size for _family, path, _ranges in FACES) <= 88_000
