"""RFC 5545 and 5546 read strictly, line by line: what a forgiving parser lets pass is an error here."""

import re
from typing import NamedTuple

NAME = re.compile(r"[A-Za-z0-9-]+")
PARAM = re.compile(r';([A-Za-z0-9-]+)=("[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*)')
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "PRODID", "NAME", "X-WR-CALNAME"}
UTC_TIME, LOCAL_TIME = re.compile(r"\d{8}T\d{6}Z"), re.compile(r"\d{8}T\d{6}")
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS", "ORGANIZER"}  # each method wants them, or we always give them (3.2.1, 3.2.2, 3.2.5)


class Line(NamedTuple):
    """A content line: its component, name, parameters and value."""

    within: str
    name: str
    params: dict[str, str]
    value: str


def checked(content: bytes) -> list[Line]:
    """The content lines of a calendar file. Fails at the first that breaks a rule."""
    assert content.endswith(b"\r\n"), "the last line ends too"
    physical = content.split(b"\r\n")[:-1]
    for one in physical:
        assert len(one) <= 75, one
        assert b"\r" not in one and b"\n" not in one, "no line end but CRLF"
        one.decode()  # a letter is not cut in two
    lines = _lines(re.sub(r"\r\n[ \t]", "", content.decode()).split("\r\n")[:-1])
    _check_calendar([line for line in lines if line.within == "VCALENDAR"])
    _check_events(lines)
    return lines


def _lines(texts: list[str]) -> list[Line]:
    found, open_parts = [], []
    for text in texts:
        line = _line(text, open_parts[-1] if open_parts else "")
        if line.name == "BEGIN":
            assert line.value == "VCALENDAR" or open_parts, text
            open_parts.append(line.value)
        elif line.name == "END":
            assert open_parts.pop() == line.value, text
        found.append(line._replace(within=open_parts[-1] if open_parts else ""))
    assert not open_parts and next(line.value for line in found if line.name == "BEGIN") == "VCALENDAR"
    return found


def _line(text: str, within: str) -> Line:
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", text), text
    name = NAME.match(text)
    assert name, text
    params, place = {}, name.end()
    while text[place : place + 1] == ";":
        found = PARAM.match(text, place)
        assert found, text
        assert found[1] not in params, text
        params[found[1]], place = found[2].strip('"'), found.end()
    assert text[place : place + 1] == ":", text
    value = text[place + 1 :]
    if name[0] in TEXTS:
        assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value) and not re.search(r"(?<!\\)(?:\\\\)*\\(?![\\;,nN])", value), text
    return Line(within, name[0].upper(), params, value)


def _check_calendar(lines: list[Line]) -> None:
    for name in ("PRODID", "VERSION", "METHOD"):
        assert len([line for line in lines if line.name == name]) == 1, name
    assert next(line.value for line in lines if line.name == "VERSION") == "2.0"


def _check_events(lines: list[Line]) -> None:
    method = next(line.value for line in lines if line.name == "METHOD")
    zones = {line.value for line in lines if line.within == "VTIMEZONE" and line.name == "TZID"}
    for event in events_of(lines):
        names = [line.name for line in event]
        assert all(names.count(name) == 1 for name in ONCE), names
        assert ("ATTENDEE" in names) == (method in ("REQUEST", "CANCEL")), "a published entry names nobody; an asking or cancelling one says whom it is for"
        by_name = {line.name: line for line in event}
        assert UTC_TIME.fullmatch(by_name["DTSTAMP"].value) and by_name["SEQUENCE"].value.isdecimal()
        assert all(LOCAL_TIME.fullmatch(by_name[name].value) and by_name[name].params["TZID"] in zones for name in ("DTSTART", "DTEND"))
        assert by_name["DTEND"].value > by_name["DTSTART"].value
        assert by_name["STATUS"].value in ("CONFIRMED", "CANCELLED") and (method != "CANCEL" or by_name["STATUS"].value == "CANCELLED")
        assert all(re.fullmatch(r"mailto:[^\s<>@]+@[^\s<>@]+", by_name[name].value) for name in ("ORGANIZER", "ATTENDEE") if name in by_name)


def events_of(lines: list[Line]) -> list[list[Line]]:
    """The lines of each entry."""
    found: list[list[Line]] = []
    for line in lines:
        if line.name == "BEGIN" and line.value == "VEVENT":
            found.append([])
        elif line.within == "VEVENT" and line.name not in ("BEGIN", "END"):
            found[-1].append(line)
    return found
