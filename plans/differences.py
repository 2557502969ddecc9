"""What changed between two texts of a plan, paragraph by paragraph and word by word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

WORDS = re.compile(r"\s+|[^\s]+")
REWRITTEN = 0.65  # spaces alone make two texts a third alike


class Run(NamedTuple):
    """A stretch of text that is the same in both ("same"), only in the new one ("ins"), or only in the old one ("del")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Passage:
    """One field of the plan in both texts."""

    heading: str
    label: str
    runs: list[Run]

    @property
    def is_changed(self) -> bool:
        """True when the two texts differ here."""
        return any(run.kind != "same" for run in self.runs)

    @property
    def mark(self) -> str:
        """One word for the list of changes."""
        kinds = {run.kind for run in self.runs}
        return _("new") if kinds == {"ins"} else _("removed") if kinds == {"del"} else _("changed")


def word_runs(old: str, new: str) -> list[Run]:
    """The two texts as one, word by word. Texts with little in common stand one after the other, not in shreds."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < REWRITTEN:
        return [run for run in (Run("del", old), Run("ins", new)) if run.text]
    runs: list[Run] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            runs.append(Run("same", "".join(before[a:b])))
            continue
        runs += [run for run in (Run("del", "".join(before[a:b])), Run("ins", "".join(after[c:d]))) if run.text]
    return runs


def passages(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Passage]:
    """All fields of two contents (see `plans.content`), in the order of the new one; what was removed stands last."""
    found = list(_fields(str(new["title"]), old["texts"], new["texts"]))
    for before, after in _paired(old["initiatives"], new["initiatives"]):
        found += _initiative(before, after)
    return found


def changes(found: Sequence[Passage]) -> list[Passage]:
    """Those that differ."""
    return [passage for passage in found if passage.is_changed]


def _paired(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Indsatser with the same title belong together; of the others, the first with the first, and so on."""
    by_title = {part["title"]: part for part in old}
    titles = {part["title"] for part in new}
    rest = iter([part for part in old if part["title"] not in titles])
    for part in new:
        yield by_title.get(part["title"]) or next(rest, {}), part
    for part in rest:
        yield part, {}


def _initiative(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Passage]:
    heading = str(new.get("title") or old.get("title", ""))
    title = Passage(heading, _("Title"), word_runs(old.get("title", ""), new.get("title", "")))
    levels = Passage(heading, _("Prevention level"), word_runs(", ".join(old.get("levels", [])), ", ".join(new.get("levels", []))))
    fields = [passage for passage in _fields(heading, old.get("texts", []), new.get("texts", [])) if passage.runs]
    return [title, levels, *fields, *_milestones(heading, old.get("milestones", []), new.get("milestones", []))]


def _milestones(heading: str, old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]) -> Iterator[Passage]:
    for number, (before, after) in enumerate(zip_longest(map(_line, old), map(_line, new), fillvalue=""), start=1):
        yield Passage(heading, _("Milestone %(number)s") % {"number": number}, word_runs(before, after))


def _line(step: Mapping[str, str]) -> str:
    return " · ".join(filter(None, (step["text"], step["due_on"], step["responsible"])))


def _fields(heading: str, old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]) -> Iterator[Passage]:
    before = {field["key"]: field for field in old}
    after = {field["key"]: field for field in new}
    for key in [*after, *(key for key in before if key not in after)]:
        label = (after.get(key) or before[key])["label"]
        yield Passage(heading, label, word_runs(before.get(key, {}).get("text", ""), after.get(key, {}).get("text", "")))
