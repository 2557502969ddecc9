"""Preset files: what a file may say, and the sentence for what it may not."""

import tomllib

import pytest

from municipalities.preset_files import FOLDER, in_another_kommune, key_of, parse_preset, preset_names, read_preset
from municipalities.preset_rules import PresetError, faults_of
from municipalities.set_up import Order, ordered_preset

SMALL = """
[tenant]
name = "Prøve Kommune"
slug = "proeve"
code = "999"

[[levels]]
key = "top"
name = "Top"
order = 1

[[prevention_levels]]
key = "alle"
name = "Alle"
order = 1

[[areas]]
key = "nord"
name = "Nord"

[[organisations]]
key = "skole"
name = "Skolen"
mark = "skole"
kind = "municipal_school"

[[organisations]]
key = "taxa"
name = "Taxa"
mark = "andre"
kind = "private"

[[forums]]
key = "a"
name = "A"
level = "top"
kind = "NETVAERK"
ceiling = "INTERNAL"
order = 1
purpose = "Mødes."
cadence = { unit = "PER_YEAR", number = 4 }
seats = [
  { key = "en", role = "COORDINATOR", title = "En", organisation = "skole" },
  { key = "to", role = "CIVIL", title = "To", organisation = "taxa" },
]

[[forums]]
key = "b"
name = "B"
level = "top"
kind = "SAGSFORUM"
ceiling = "PERSON_115"
order = 2
parent = "a"
purpose = "Taler om enkelte."
cadence = { unit = "AFTER", of = "a" }

[[agenda_templates]]
key = "fast"
forum = "a"
name = "Fast"
items = [{ title = "Referat", fill = "LAST_MINUTES" }]
"""


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_of_the_house_is_whole(name):
    assert list(faults_of(tomllib.loads((FOLDER / f"{name}.toml").read_text()))) == []


def test_a_small_preset_is_whole():
    assert [row["key"] for row in parse_preset(SMALL)["forums"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[tenant]", "[tenant", "This is not TOML"),
        ("[[levels]]", "[levels]", "wrong number of brackets"),
        ("[[levels]]", '[terms]\ncoordinator = "SSP tovholder"\n\n[[levels]]', "its form «definite» is missing"),
        ("[[levels]]", '[terms]\nkoordinator = "SSP tovholder"\n\n[[levels]]', "there is no word «koordinator»"),
        ("[[agenda_templates]]", "[[dagsordener]]", r"There is no section \[dagsordener\]"),
        ('purpose = "Mødes."', 'formål = "Mødes."'.replace("å", "aa"), "there is no key «formaal»"),
        ('purpose = "Mødes."', "", "forums.. a: «purpose» is missing"),
        ('order = 2\n', 'order = "to"\n', "«order» must be written as a number"),
        ('title = "En",', "", "«title» is missing"),
        ('kind = "SAGSFORUM"', 'kind = "KAFFEKLUB"', "forum b: kind:"),
        ('number = 4 }', 'number = 4, note = "%s" }' % ("x" * 90), "cadence_note"),
        ('role = "CIVIL"', 'role = "GÆST"', "seat to: role"),
        ('level = "top"', 'level = "bund"', "there is no level «bund»"),
        ('parent = "a"', 'parent = "z"', "there is no forum «z»"),
        ('of = "a"', 'of = "z"', "there is no forum «z»"),
        ('organisation = "skole"', 'organisation = "kirke"', "there is no organisation «kirke»"),
        ('forum = "a"', 'forum = "z"', "standing agenda fast: there is no forum «z»"),
        ('purpose = "Mødes."', 'purpose = "Mødes."\nprevention_levels = ["ingen"]', "there is no prevention level «ingen»"),
        ('purpose = "Mødes."', 'purpose = "Mødes."\nparent = "b"', "in a ring"),
        ('purpose = "Mødes."', 'purpose = "Mødes."\nparent = "a"', "in a ring"),
        ('name = "Nord"', 'name = "Nord"\nparent = "nord"', "The areas nord .* in a ring"),
        ('number = 4 }', "number = 0 }", "needs a number of at least 1"),
        ('unit = "AFTER", of = "a"', 'unit = "AFTER"', "«of» names the forum"),
        ('number = 4 }', "number = 4, months = [13] }", "from 1 to 12"),
        ('number = 4 }', "number = 4, week_from = 2 }", "both week_from and week_to"),
        ('kind = "SAGSFORUM"', 'kind = "STYREGRUPPE"', "a forum of kind STYREGRUPPE never handles person data"),
        ('ceiling = "PERSON_115"', 'ceiling = "PERSON_INFOHUS"', "belongs to a forum of kind INFOHUS"),
        ('ceiling = "INTERNAL"', 'ceiling = "PERSON_115"', "To is private or a pupil"),
        ('fill = "LAST_MINUTES"', 'data_class = "PERSON_115"', "«Referat» of class PERSON_115 cannot stand"),
        ('key = "to"', 'key = "en"', "the key «en» stands twice"),
        ('key = "b"', 'key = "a"', "the key «a» stands twice"),
        ('role = "CIVIL", title = "To",', 'role = "CIVIL", title = "To", duties = ["CONVENE"],', "can have no duties"),
        ('title = "En",', 'title = "En", duties = ["KAFFE"],', "there is no duty KAFFE"),
        ('title = "En",', 'title = "En", deputy_for = "to",', "a deputy, and nobody else"),
        ('code = "999"', 'code = "12"', "three or four digits"),
        ('name = "A"\n', 'name = "A"\neach_area = true\n', "has {area} in its name"),
    ],
)  # fmt: skip
def test_a_fault_is_said_in_a_sentence(old, new, sentence):
    assert old in SMALL
    with pytest.raises(PresetError, match=sentence):
        parse_preset(SMALL.replace(old, new, 1))


def test_one_forum_an_area_with_its_sub_forum_and_standing_agenda():
    made = read_preset("guldborgsund", areas=["Nykøbing", "Øst"])
    assert [row["name"] for row in made["forums"] if row["kind"] == "NETVAERK"] == ["SSP netværksgruppe, Nykøbing", "SSP netværksgruppe, Øst"]
    assert {row["parent"] for row in made["forums"] if row["kind"] == "AKUTGRUPPE"} == {"netvaerk-nykoebing", "netvaerk-oest"}
    assert [row["forum"] for row in made["agenda_templates"]] == ["netvaerk-nykoebing", "netvaerk-oest"]


def test_the_forums_of_the_areas_keep_the_order_of_the_preset():
    made = read_preset("guldborgsund")
    areas = [area["key"] for area in made["areas"]]
    assert areas != sorted(areas)
    for kind in ("NETVAERK", "AKUTGRUPPE"):
        rows = [row for row in made["forums"] if row["kind"] == kind]
        assert [row["area"] for row in sorted(rows, key=lambda row: row["order"])] == areas
    assert len({row["order"] for row in made["forums"]}) == len(made["forums"])


def test_two_areas_of_one_name_are_refused():
    with pytest.raises(PresetError, match="stands twice"):
        read_preset("fredericia", areas=["Nord", "nord"])


def test_a_key_is_plain():
    assert key_of("Østre Ådal & Præstø") == "oestre-aadal-praestoe"


PLACES = {"thisted": ("Thisted", "Morsø"), "fredericia": ("Fredericia", "Horsens"), "guldborgsund": ("Guldborgsund", "Lolland"), "halsnaes": ("Halsnæs", "Nordsjælland"),
          "vordingborg": ("Vordingborg", "Præstø", "Stege", "Lolland")}  # fmt: skip


@pytest.mark.parametrize("key", list(PLACES))
def test_another_kommune_begins_with_no_place_of_the_presets_own(key):
    """And the kommune itself with all of them: test_facts reads those."""
    preset = read_preset(key, areas=["Nord"])
    own = {section: content for section, content in in_another_kommune(preset, preset["tenant"]["name"]).items() if section not in ("tenant", "elsewhere")}
    made = {section: content for section, content in in_another_kommune(preset, "Opdigtet Kommune").items() if section not in ("tenant", "elsewhere")}
    assert not [place for place in PLACES[key] if place in str(made)]
    assert all(row["text"] in str(own) for row in preset["elsewhere"]), "a sentence that no longer stands in the preset"
    assert key != "thisted" or [row["name"] for row in made["forums"] if row["kind"] == "INFOHUS"] == ["INFO-hus Opdigtet Kommune"]


def test_the_order_is_carried_out_under_the_new_name():
    made = ordered_preset(Order("thisted", "Opdigtet Kommune", "opdigtet"))
    assert "Thisted" not in str({section: content for section, content in made.items() if section != "elsewhere"})
    assert "INFO-hus Thisted Kommune" in str(ordered_preset(Order("thisted", "Thisted Kommune", "thisted"))["forums"])
