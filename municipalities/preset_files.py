"""Preset files: municipalities/presets/*.toml, read and checked. How one is written: docs/presets.md."""

import tomllib
from collections.abc import Iterable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from municipalities.preset_rules import PresetError, faults_of

FOLDER = Path(__file__).parent / "presets"
AREA = "{area}"
OWN = ("tenant", "areas", "elsewhere")  # the order names the kommune and its areas
DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})
type Preset = dict[str, Any]


def preset_names() -> list[str]:
    """The presets there are, by file name."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_preset(name: str, *, areas: Sequence[str] = ()) -> Preset:
    """The content of presets/<name>.toml, checked, with one forum an area where the file asks for it.

    `areas` replaces the file's own list of areas. Raises PresetError, which says every fault in a sentence.
    """
    return parse_preset((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), areas=areas)


def parse_preset(text: str, *, areas: Sequence[str] = ()) -> Preset:
    """The same for the text of a file."""
    try:
        preset = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PresetError([f"This is not TOML: {error}."]) from None
    if areas:
        preset["areas"] = [{"key": key_of(area), "name": area} for area in areas]
    faults = list(faults_of(preset))
    if faults:
        raise PresetError(faults)
    return spread_over_areas(preset)


def in_another_kommune(preset: Preset, name: str) -> Preset:
    """The preset as a kommune of this name begins with it: not with another's name, its towns and its politikreds. As it is for its own kommune."""
    own = preset["tenant"]["name"]
    if name.casefold() == own.casefold():
        return preset
    pairs = [(row["text"], row["becomes"]) for row in preset.get("elsewhere", [])] + [(own, name)]
    return {section: content if section in OWN else _said(content, pairs) for section, content in preset.items()}


def _said(content: Any, pairs: Sequence[tuple[str, str]]) -> Any:
    if isinstance(content, dict):
        return {key: _said(value, pairs) for key, value in content.items()}
    if isinstance(content, list):
        return [_said(value, pairs) for value in content]
    if isinstance(content, str):
        for text, becomes in pairs:
            content = content.replace(text, becomes)
    return content


def key_of(name: str) -> str:
    """A key made from a name: «Østre Skole» -> «oestre-skole»."""
    return slugify(name.translate(DANISH))[:40]


def spread_over_areas(preset: Preset) -> Preset:
    """Each forum with `each_area` becomes one an area, and so do its standing agendas: `gruppe` -> `gruppe-nord`, `gruppe-syd`."""
    areas = preset.get("areas", [])
    spread = {row["key"] for row in preset.get("forums", []) if row.get("each_area")}
    if not spread:
        return preset
    made = dict(preset)
    made["forums"] = _numbered([copy for row in preset["forums"] for copy in _copies(row, areas, spread)])
    made["agenda_templates"] = [copy for row in preset.get("agenda_templates", []) for copy in _agendas(row, areas, spread)]
    return made


def _copies(row: Preset, areas: Iterable[Preset], spread: set[str]) -> Iterable[Preset]:
    if row["key"] not in spread:
        yield row
        return
    for area in areas:
        copy = deepcopy(row)
        copy |= {"key": f"{row['key']}-{area['key']}"[:40], "name": row["name"].replace(AREA, area["name"]), "area": area["key"]}
        copy.pop("each_area")
        if row.get("parent") in spread:
            copy["parent"] = f"{row['parent']}-{area['key']}"[:40]
        yield copy


def _numbered(rows: list[Preset]) -> list[Preset]:
    """Each a number of its own: forums of one number stand by their names, and a preset lists its areas in another order."""
    return [row | {"order": number} for number, row in enumerate(sorted(rows, key=lambda row: int(row["order"])), start=1)]


def _agendas(row: Preset, areas: Iterable[Preset], spread: set[str]) -> Iterable[Preset]:
    if row["forum"] not in spread:
        yield row
        return
    for area in areas:
        yield row | {"key": f"{row['key']}-{area['key']}", "forum": f"{row['forum']}-{area['key']}"[:40]}
