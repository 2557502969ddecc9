"""Is a preset whole? Every fault as a sentence, before anything is made: a data file that somebody writes for a sixth kommune is input too."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from access.roles import NO_DUTIES, DataClass, Duty, ForumKind, SeatRole
from municipalities.models import Area, Forum, Level, MatrixCell, Organisation, PreventionLevel, Seat, Tenant
from municipalities.preset_shapes import FREE, LISTS, SECTIONS, Shape
from municipalities.terms import Form, Term

type Preset = Mapping[str, Any]
PERSON_KINDS = frozenset({ForumKind.NETVAERK, ForumKind.SAGSFORUM, ForumKind.OVERLEVERING, ForumKind.AKUTGRUPPE, ForumKind.BEREDSKAB, ForumKind.INFOHUS})

MODELS: Mapping[str, type[Model]] = {"levels": Level, "prevention_levels": PreventionLevel, "areas": Area, "organisations": Organisation}


class PresetError(ValueError):
    """A preset cannot be used; says every fault, one line each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


def faults_of(preset: Preset) -> Iterator[str]:
    """Every fault. The finer questions are asked only of a preset whose tables have the right shape."""
    shape = list(_shapes(preset))
    yield from shape
    if not shape:
        yield from _keys(preset)
        yield from _values(preset)
        yield from _references(preset)
        yield from _rings(preset)
        yield from _person_data(preset)
        yield from _agendas(preset)


# ---- shape --------------------------------------------------------------------------------------------------------
def _shapes(preset: Preset) -> Iterator[str]:
    for section in ("tenant", "levels", "organisations", "forums"):
        if section not in preset:
            yield f"[{section}] is missing. Write an empty list if there is none."
    for section, content in preset.items():
        if section in FREE:
            yield from (f"[{section}] {word} is not a text." for word, text in content.items() if not isinstance(text, str))
            yield from _words(content)
        elif section not in SECTIONS:
            yield f"There is no section [{section}]."
        elif isinstance(content, list) != (section in LISTS):
            yield f"[{section}] is written with the wrong number of brackets."
        else:
            for where, table in _tables(section, content):
                yield from _shape(where, table, SECTIONS[section])


def _words(content: Mapping[str, Any]) -> Iterator[str]:
    """Every word with its forms: «Spørg SSP tovholder» is what a sentence would say without."""
    keys = {f"{word.value}_{form.value}" if form.value else word.value for word in Term for form in Form}
    yield from (f"[terms] there is no word «{word}»." for word in content if word not in keys)
    for word in (word for word in Term if word.value in content):
        yield from (f"[terms] {word.value}: its form «{form.value}» is missing." for form in (Form.DEFINITE, Form.PLURAL) if f"{word.value}_{form.value}" not in content)


def _tables(where: str, content: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(content, list):
        yield from ((f"[[{where}]] {_name(table, number)}", table) for number, table in enumerate(content, start=1))
    else:
        yield f"[{where}]", content


def _name(table: Any, number: int) -> str:
    found = (table.get(key) for key in ("key", "title", "name")) if isinstance(table, dict) else ()
    return next((str(name) for name in found if name), f"number {number}")


def _shape(where: str, table: Any, shape: Shape) -> Iterator[str]:
    if not isinstance(table, dict):
        yield f"{where} is no table."
        return
    known = {**shape.must, **shape.may}
    yield from (f"{where}: there is no key «{key}»." for key in table if key not in known)
    yield from (f"{where}: «{key}» is missing." for key in shape.must if key not in table)
    for key, value in table.items():
        if key in known and type(value) is not known[key]:
            yield f"{where}: «{key}» must be written as {_word(known[key])}."
        elif key in shape.inside:
            for inner, content in _tables(f"{where} {key}", value) if isinstance(value, list) else [(f"{where} {key}", value)]:
                yield from _shape(inner, content, shape.inside[key])


def _word(kind: type) -> str:
    return {str: "a text", int: "a number", bool: "true or false", list: "a list", dict: "a table"}[kind]


# ---- values -------------------------------------------------------------------------------------------------------
def _keys(preset: Preset) -> Iterator[str]:
    for section in sorted(LISTS & preset.keys()):
        yield from _twice(f"[[{section}]]", [row["key"] for row in preset[section] if "key" in row])
    for forum in preset["forums"]:
        yield from _twice(f"forum {forum['key']}", [seat["key"] for seat in forum.get("seats", [])])


def _twice(where: str, keys: list[str]) -> Iterator[str]:
    yield from (f"{where}: the key «{key}» stands twice." for key in sorted({key for key in keys if keys.count(key) > 1}))


def _values(preset: Preset) -> Iterator[str]:
    """What the models themselves say: lengths, choices, numbers."""
    head = preset["tenant"]
    yield from _invalid("[tenant]", tenant_row(preset), ["parent"])
    if head.get("code") and not (head["code"].isdecimal() and len(head["code"]) in (3, 4)):
        yield "[tenant]: a kommunekode has three or four digits."
    for section, model in MODELS.items():
        for row in preset.get(section, []):
            yield from _invalid(f"[[{section}]] {row['key']}", model(**{name: value for name, value in row.items() if name not in ("key", "parent")}))
    for row in preset["forums"]:
        where = f"forum {row['key']}"
        yield from _invalid(where, Forum(**forum_fields(row)), ["purpose"])
        yield from _cadence(where, row.get("cadence", {"unit": "NONE"}))
        for seat in row.get("seats", []):
            yield from _seat(f"{where}, seat {seat['key']}", seat)
    if "kredsraad" in preset:
        yield from _invalid("[kredsraad]", Forum(**forum_fields({"key": "k", "name": "k", "kind": "KREDSRAAD", "ceiling": "AGGREGATE", "order": 1, **preset["kredsraad"]})))
        yield from _cadence("[kredsraad]", preset["kredsraad"]["cadence"])


def _invalid(where: str, row: Model, left_out: Collection[str] = ()) -> Iterator[str]:
    relations = [field.name for field in row._meta.fields if field.is_relation]
    try:
        row.clean_fields(exclude={*relations, *left_out})
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            yield f"{where}: {field}: {' '.join(messages)}"


def _cadence(where: str, cadence: Preset) -> Iterator[str]:
    unit, weeks = cadence["unit"], (cadence.get("week_from"), cadence.get("week_to"))
    if unit in ("PER_YEAR", "WEEKS", "MONTHS") and cadence.get("number", 0) < 1:
        yield f"{where}: a cadence of {unit} needs a number of at least 1."
    if (unit in ("BEFORE", "AFTER")) != ("of" in cadence):
        yield f"{where}: «of» names the forum whose meetings a cadence BEFORE or AFTER follows, and belongs to these two only."
    if any(not isinstance(month, int) or not 1 <= month <= 12 for month in cadence.get("months", [])):
        yield f"{where}: the months of a cadence are numbers from 1 to 12."
    if any(week is not None and not 1 <= week <= 53 for week in weeks) or (weeks[0] is None) != (weeks[1] is None):
        yield f"{where}: a cadence in certain weeks needs both week_from and week_to, from 1 to 53."


def _seat(where: str, seat: Preset) -> Iterator[str]:
    yield from _invalid(where, Seat(**seat_fields(seat)), ["key"])
    if seat["role"] not in SeatRole.values:
        return
    unknown = sorted(set(seat.get("duties", [])) - set(Duty.values))
    if unknown:
        yield f"{where}: there is no duty {', '.join(unknown)}."
    if seat.get("duties") and SeatRole(seat["role"]) in NO_DUTIES:
        yield f"{where}: a seat of role {seat['role']} never runs a meeting and can have no duties."
    if ("deputy_for" in seat) != (seat.get("kind") == "DEPUTY"):
        yield f"{where}: a deputy, and nobody else, names the seat it stands in for."


# ---- references ---------------------------------------------------------------------------------------------------
def _references(preset: Preset) -> Iterator[str]:
    known = {section: {row["key"] for row in preset.get(section, [])} for section in ("levels", "prevention_levels", "areas", "organisations", "forums")}
    for area in preset.get("areas", []):
        yield from _unknown(f"area {area['key']}", "area", [area.get("parent")], known["areas"])
    each = {row["key"] for row in preset["forums"] if row.get("each_area")}
    if each and not known["areas"]:
        yield f"forum {sorted(each)[0]} stands once an area, but there are no [[areas]]."
    for row in preset["forums"]:
        where = f"forum {row['key']}"
        yield from _unknown(where, "level", [row["level"]], known["levels"])
        yield from _unknown(where, "forum", [row.get("parent"), row.get("cadence", {}).get("of")], known["forums"])
        yield from _unknown(where, "area", [row.get("area")], known["areas"])
        yield from _unknown(where, "prevention level", row.get("prevention_levels", []), known["prevention_levels"])
        yield from _unknown(where, "organisation", [seat["organisation"] for seat in row.get("seats", [])], known["organisations"])
        yield from _unknown(where, "seat", [seat.get("deputy_for") for seat in row.get("seats", [])], {seat["key"] for seat in row.get("seats", [])})
        if row.get("cadence", {}).get("of") in each or (row.get("parent") in each and not row.get("each_area")):
            yield f"{where}: it cannot stand under or follow a forum of which there is one an area."
        if row.get("each_area") and "{area}" not in row["name"]:
            yield f"{where}: a forum of which there is one an area has {{area}} in its name."
    yield from _other_references(preset, known)


def _other_references(preset: Preset, known: Mapping[str, Collection[str]]) -> Iterator[str]:
    for row in preset.get("agenda_templates", []):
        yield from _unknown(f"standing agenda {row['key']}", "forum", [row["forum"]], known["forums"])
    for row in preset.get("catalogue", []):
        yield from _unknown(f"catalogue «{row['title']}»", "prevention level", row["levels"], known["prevention_levels"])
    yield from _matrix(preset.get("matrix", []), known)
    for row in preset.get("functions", []):
        where = f"function «{row['title']}»"
        yield from _unknown(where, "organisation", [row["organisation"]], known["organisations"])
        yield from _unknown(where, "forum", [row.get("forum")], known["forums"])
        if ("forum" in row) == ("kind" in row) or row.get("kind", ForumKind.NETVAERK) not in ForumKind.values:
            yield f"{where}: it stands in one «forum» or in all of a «kind»."


def _matrix(rows: Iterable[Preset], known: Mapping[str, Collection[str]]) -> Iterator[str]:
    taken = set()
    for row in rows:
        cell = (row["level"], row["prevention_level"])
        where = f"matrix {' / '.join(cell)}"
        yield from _unknown(where, "level", [row["level"]], known["levels"])
        yield from _unknown(where, "prevention level", [row["prevention_level"]], known["prevention_levels"])
        yield from _invalid(where, MatrixCell(text=row["text"]))
        if cell in taken:
            yield f"{where}: the cell stands twice."
        taken.add(cell)


def _unknown(where: str, what: str, keys: Iterable[str | None], known: Collection[str]) -> Iterator[str]:
    yield from (f"{where}: there is no {what} «{key}»." for key in keys if key is not None and key not in known)


def edges(preset: Preset) -> dict[str, set[str]]:
    """Forum key -> the forums that must be made before it: the one it stands under, the one whose meetings it follows."""
    return {row["key"]: {key for key in (row.get("parent"), row.get("cadence", {}).get("of")) if key} for row in preset["forums"]}


def _rings(preset: Preset) -> Iterator[str]:
    areas = {row["key"]: {row["parent"]} for row in preset.get("areas", []) if "parent" in row}
    for what, graph in (("The forums", edges(preset)), ("The areas", areas)):
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            yield f"{what} {', '.join(dict.fromkeys(error.args[1]))} stand under or follow each other in a ring."


# ---- who may be where ---------------------------------------------------------------------------------------------
def _person_data(preset: Preset) -> Iterator[str]:
    private = {row["key"] for row in preset["organisations"] if row["kind"] == Organisation.Kind.PRIVATE}
    for row in preset["forums"]:
        if row["ceiling"] not in DataClass.values or not DataClass(row["ceiling"]).is_person:
            continue
        where = f"forum {row['key']}"
        if row["kind"] not in PERSON_KINDS:
            yield f"{where}: a forum of kind {row['kind']} never handles person data."
        if (row["kind"] == ForumKind.INFOHUS) != (row["ceiling"] == DataClass.PERSON_INFOHUS):
            yield f"{where}: person data of an Infohus, and only that, belongs to a forum of kind INFOHUS."
        for seat in row.get("seats", []):
            if seat["organisation"] in private or seat["role"] in (SeatRole.PUPIL, SeatRole.CIVIL):
                yield f"{where}: {seat['title']} is private or a pupil and cannot sit where person data is handled (§ 115, stk. 3)."


def _agendas(preset: Preset) -> Iterator[str]:
    ceilings = {row["key"]: row["ceiling"] for row in preset["forums"]}
    for row in preset.get("agenda_templates", []):
        if any(not isinstance(number, int) or number < 1 for number in row.get("meeting_numbers", [])):
            yield f"standing agenda {row['key']}: the numbers of its meetings in the year are counted from 1."
        ceiling = ceilings.get(row["forum"], "")
        for item in _items(row["items"]) if ceiling in DataClass.values else ():
            chosen = item.get("data_class", "INTERNAL")
            if chosen not in DataClass.values or chosen == DataClass.PERSON_INFOHUS or not DataClass(chosen).fits_under(DataClass(ceiling)):
                yield f"standing agenda {row['key']}: «{item['title']}» of class {chosen} cannot stand on this forum's agenda."


def _items(rows: Iterable[Preset]) -> Iterator[Preset]:
    for row in rows:
        yield row
        yield from _items(row.get("items", []))


# ---- from a table to a row ----------------------------------------------------------------------------------------
def tenant_row(preset: Preset) -> Tenant:
    """The tenant of a preset, unsaved."""
    head = preset["tenant"]
    return Tenant(
        kind=head.get("kind", "KOMMUNE"), name=head["name"], slug=head["slug"], code=head.get("code", ""), prevention_shape=head.get("prevention", "trekant"),
        terms=preset.get("terms", {}),
    )  # fmt: skip


def forum_fields(row: Preset) -> dict[str, Any]:
    """The fields of a forum that are no references."""
    cadence = row.get("cadence", {"unit": "NONE"})
    optional = {"week_from": "cadence_week_from", "week_to": "cadence_week_to"}
    return {
        "key": row["key"], "name": row["name"], "kind": row["kind"], "ceiling": row["ceiling"], "purpose": row.get("purpose", ""),
        "convening": row.get("convening", "ROLE"), "chairing": row.get("chairing", "FIXED"), "minutes_are_public": row.get("minutes_are_public", False),
        "chair_text": row.get("chair_text", ""), "target_ages": row.get("target_ages", ""), "is_minor": row.get("minor", False), "order": row["order"],
        "cadence_unit": cadence["unit"], "cadence_number": cadence.get("number", 0), "cadence_qualifier": cadence.get("qualifier", "EXACTLY"),
        "cadence_extra": cadence.get("extra", 0), "cadence_note": cadence.get("note", ""), "cadence_months": cadence.get("months", []),
        "cadence_year_parity": cadence.get("parity", ""), "cadence_notice_days": cadence.get("notice_days", 0),
        **{field: cadence[key] for key, field in optional.items() if key in cadence},
    }  # fmt: skip


def seat_fields(row: Preset) -> dict[str, Any]:
    """The fields of a seat that are no references."""
    duties = row.get("duties", [])
    return {
        "role": row["role"], "title": row["title"], "kind": row.get("kind", "FIXED"), "has_vote": row.get("vote", True),
        "may_convene": Duty.CONVENE in duties, "may_chair": Duty.CHAIR in duties, "may_minute": Duty.MINUTES in duties,
    }  # fmt: skip
