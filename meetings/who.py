"""Who an aftale is made with, as people write it: «Ditte», «Ditte og Anders», «SSP-konsulent, Skole Nord»; or all of it in one line,
«Ditte og Anders sender brevet senest fredag», «SSP-konsulent, Skole Nord: ringer til klubben uge 48». No database.

What can mean more than one is asked back with the names it can mean; what means nobody is said with the words as they were written.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from access.models import User
from meetings.deadlines import DeadlineError, read_deadline
from municipalities.models import Seat

type Who = User | Seat

SEPARATOR = re.compile(r"\s*(?:[,;&+/]|\b(?:og|samt|and)\b)\s*")
TRAILING = re.compile(r"(?:\s*[,;&+/]|\s(?:og|samt|and))\s*$", re.IGNORECASE)
UNTIL = re.compile(r"\s+(?:senest|inden|latest|by)\s+(?P<due>[^:]{2,40}?)\s*$", re.IGNORECASE)
STRANGE = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "þ": "th"})  # letters that no mark can be taken off
MARKS = re.compile(r"(?<!a)\u030a|[\u0300-\u0309\u030b-\u036f]")  # but å is a letter of its own
MOST_WORDS = 24  # of a line that can be names
MOST = 12  # who are responsible for one aftale


class WhoError(ValueError):
    """The words name nobody, or could name several; the message is a sentence for the screen."""


class AmbiguousError(WhoError):
    """The words could name several."""


class Line(NamedTuple):
    """One line, taken apart. `due` is empty when it says no day."""

    who: list[Who]
    names: str
    what: str
    due: str


@dataclass(frozen=True)
class Known:
    """One way to name somebody: the words between separators, in small letters, and what is shown when it must be asked back."""

    pieces: tuple[str, ...]
    label: str
    who: Who

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The pieces as they can be typed on any keyboard here."""
        return tuple(map(_plain, self.pieces))


class People:
    """Who can be responsible in a forum: those who hold its seats, and the seats."""

    def __init__(self, seats: Iterable[Seat]) -> None:
        held = list(seats)
        self.persons: dict[str, User] = {seat.user.name: seat.user for seat in held if seat.user}
        self.seats = held

    @cached_property  # only who has written something is looked for
    def exact(self) -> list[Known]:
        """Every whole way to name one of them."""
        return [*(Known(_pieces(name), name, user) for name, user in self.persons.items()), *(known for seat in self.seats for known in _of_seat(seat))]

    @cached_property
    def longest(self) -> int:
        """The most pieces that a way has."""
        return max((len(known.pieces) for known in self.exact), default=0)

    @property
    def completions(self) -> list[str]:
        """What the field offers: the names, then the seats."""
        return [*self.persons, *dict.fromkeys(str(seat) for seat in self.seats)]

    def read(self, text: str, *, by_beginning: bool = True) -> list[Who]:
        """Everybody that the words name, each once. Raises WhoError. `by_beginning`: «and» will do for Anders, when nobody else begins so."""
        pieces, found, at = _pieces(text), list[Who](), 0
        while at < len(pieces):
            length, who = self._next(pieces, at, by_beginning)
            at += length
            if who not in found:
                found.append(who)
        if not found:
            raise WhoError(_("Write who does it: a name, several names, or a seat."))
        if len(found) > MOST:
            raise WhoError(_("At most %(most)s can be responsible for one agreement.") % {"most": MOST})
        return found

    def _next(self, pieces: Sequence[str], at: int, by_beginning: bool) -> tuple[int, Who]:
        for length in range(min(self.longest, len(pieces) - at), 0, -1):
            exact = self._called(tuple(pieces[at : at + length]))
            if exact:
                return length, _only(exact, pieces[at])
        said = pieces[at]
        parts = [Known((), name, user) for name, user in self.persons.items() if _plain(said) in _plain(name).split()]
        loose = parts or (self._beginning(said) if by_beginning else [])
        return 1, _only(loose, said)

    def _called(self, pieces: tuple[str, ...]) -> list[Known]:
        """Those called exactly so; else those who would be without their marks: «Ayse» is Ayşe, and «Rene» René where nobody is Rene."""
        plain = tuple(map(_plain, pieces))
        return [known for known in self.exact if known.pieces == pieces] or [known for known in self.exact if known.plain == plain]

    def _beginning(self, said: str) -> list[Known]:
        said = _plain(said)
        persons = [Known((), name, user) for name, user in self.persons.items() if any(part.startswith(said) for part in (_plain(name), *_plain(name).split()))]
        return persons or [Known((), str(seat), seat) for seat in self.seats if _plain(str(seat)).startswith(said)]

    def take_apart(self, line: str) -> Line:
        """Who, what and by when of one line: the names first, then perhaps a colon, and the day last. Raises WhoError."""
        said = " ".join(line.split())
        head, colon, rest = said.partition(":")
        if colon and (who := self._try(head)):
            return _line(who, head, rest)
        words, doubt = said.split(" "), None
        for count in range(min(len(words), MOST_WORDS), 0, -1):
            head, rest = _without_separator(" ".join(words[:count]), " ".join(words[count:]))
            try:
                who = self.read(head, by_beginning=False)
            except AmbiguousError as error:
                doubt = doubt or error
            except WhoError:
                continue
            else:
                return _line(who, head, self._refuse_another(rest))
        raise doubt or WhoError(_("The line must begin with who does it: a name, several names, or a seat. Then write what, and by when."))

    def _try(self, head: str) -> list[Who]:
        try:
            return self.read(head)
        except AmbiguousError:
            raise
        except WhoError:
            return []

    def _refuse_another(self, rest: str) -> str:
        """«Ditte og Birgit sender»: nobody is dropped in silence because the forum does not know him."""
        if found := re.match(r"(?:[,;&+/]|(?:og|samt|and)\b)\s*(\S+)", rest, re.IGNORECASE):
            raise WhoError(_unknown(found[1]))
        return rest


def _of_seat(seat: Seat) -> list[Known]:
    """«SSP-konsulent, Skole Nord», «SSP-konsulent, Skole Nord (Ditte Havmark)», «SSP-konsulent»."""
    holder = seat.user.name if seat.user else ""
    label = f"{seat} ({holder})" if holder else str(seat)
    ways = [str(seat), *([label] if holder else []), *([seat.title] if seat.title != str(seat) else [])]
    return [Known(_pieces(way), label, seat) for way in ways]


def _pieces(text: str) -> tuple[str, ...]:
    return tuple(piece.strip(" .:") for piece in SEPARATOR.split(" ".join(text.lower().split())) if piece.strip(" .:"))


@lru_cache(2000)
def _plain(text: str) -> str:
    """In small letters, without the marks that a Danish keyboard has no key for."""
    return unicodedata.normalize("NFC", MARKS.sub("", unicodedata.normalize("NFD", text.lower().translate(STRANGE))))


def _only(found: Sequence[Known], said: str) -> Who:
    different = {(type(known.who), known.who.pk): known for known in found}
    if not different:
        raise WhoError(_unknown(said))
    if len(different) > 1:
        *names, last = sorted(known.label for known in different.values())
        choice = _("%(first)s or %(last)s") % {"first": "; ".join(names), "last": last}
        raise AmbiguousError(_("“%(said)s” can be several: %(names)s. Write which of them.") % {"said": said, "names": choice})
    return next(iter(different.values())).who


def _without_separator(head: str, rest: str) -> tuple[str, str]:
    """«Ditte og» and «Birgit sender» are «Ditte» and «og Birgit sender»."""
    name = TRAILING.sub("", head)
    return (name, f"og {rest}") if name != head else (head, rest)


def _unknown(said: str) -> str:
    return _("Nobody in the forum is called “%(said)s”, and no seat is. Choose from the list, or write the whole name.") % {"said": said[:60]}


def _line(who: list[Who], head: str, rest: str) -> Line:
    what, due = _with_day(rest.strip(" :,"))
    return Line(who, head.strip(), what[:1].upper() + what[1:], due)


def _with_day(rest: str) -> tuple[str, str]:
    """(what, by when): the day stands last, after «senest» or by itself."""
    text = rest.rstrip(" .")
    if found := UNTIL.search(text):
        return text[: found.start()].rstrip(" ,"), found["due"]
    words = text.split(" ")
    for count in range(min(4, len(words) - 1), 0, -1):
        tail = " ".join(words[-count:])
        if len(tail) > 3 and _is_day(tail):
            return " ".join(words[:-count]).rstrip(" ,"), tail
    return rest, ""


def _is_day(text: str) -> bool:
    try:
        read_deadline(text)
    except DeadlineError:
        return False
    return True
