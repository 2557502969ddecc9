"""The Danish catalogue without gettext's programs: find the msgids, merge the translations, write .po and .mo.

In: the Python and template files of the product, `locale/parts/*.po` (what each part of the work hands in) and the
existing catalogue. Out: `locale/da/LC_MESSAGES/django.po`, sorted and without line numbers so that it changes only when
a text does, and the `django.mo` that Django reads. English is the language of the msgids and needs no catalogue.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGE = "da"
ANY_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # a constant, or every run would give another file
PLAIN, PLURAL = None, (1, 2)
CONTEXT, CONTEXT_PLURAL = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": PLAIN,
    "gettext": PLAIN,
    "gettext_lazy": PLAIN,
    "gettext_noop": PLAIN,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": CONTEXT_PLURAL,
    "npgettext_lazy": CONTEXT_PLURAL,
}
type Key = tuple[str, str | None]
type Text = str | tuple[str, ...]
type Source = tuple[str | tuple[str, ...], str | None]


@dataclass(frozen=True)
class Result:
    """A merged catalogue, the msgids without Danish, and the msgids that two parts translate differently."""

    catalog: Catalog
    missing: list[str]
    conflicts: list[str]


def catalogue_path(root: Path) -> Path:
    """Where the Danish catalogue of the checkout `root` lies."""
    return root / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def source_files(root: Path) -> Iterator[Path]:
    """Every template, and every Python file of the packages of the product (not tests, not migrations)."""
    templates = (root / "templates").rglob("*")
    packages = sorted(path.parent for path in root.glob("*/__init__.py") if path.parent.name != "tests")
    python = (path for package in packages for path in package.rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for path in templates if path.is_file())
    yield from sorted(python)


def messages_in(path: Path) -> Iterator[Source]:
    """The (msgid or (singular, plural), context) pairs of one file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into something that reads like Python calls; inside parentheses its odd indentation
        # does not matter to Babel's tokenizer.
        text = "(\n" + "\n".join(line.strip() for line in templatize(text).splitlines()) + "\n)\n"
    for _line, found, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        if found and (isinstance(found, tuple) or found.strip()):
            yield found, context


def extracted(root: Path) -> Catalog:
    """A catalogue of all msgids in the checkout, nothing translated."""
    catalog = empty_catalog()
    for path in source_files(root):
        for msgid, context in messages_in(path):
            catalog.add(msgid, context=context)
    return catalog


def empty_catalog() -> Catalog:
    """A Danish catalogue with a header that never changes."""
    return Catalog(
        locale=LANGUAGE, domain="django", project="SSP", header_comment="# Danish texts of SSP. Made by script/messages.",
        creation_date=ANY_DATE, revision_date=ANY_DATE, last_translator="SSP", language_team="SSP", fuzzy=False,
    )  # fmt: skip


def merge(root: Path) -> Result:
    """Give each msgid its Danish: from the first part (by file name) that has it, else from the existing catalogue."""
    catalog, conflicts = extracted(root), []
    parts = [translations(path) for path in sorted((root / "locale" / "parts").glob("*.po"))]
    existing = translations(catalogue_path(root)) if catalogue_path(root).exists() else {}
    for message in list(texts(catalog)):
        answers = [part[key(message)] for part in parts if key(message) in part]
        if any(answer != answers[0] for answer in answers):
            conflicts.append(name(message))
        if key(message) in existing:
            answers.append(existing[key(message)])
        # An answer of the wrong shape (one text for a plural) counts as none.
        message.string = next((answer for answer in answers if isinstance(answer, tuple) == message.pluralizable), message.string)
    missing = [name(message) for message in texts(catalog) if not is_translated(message)]
    return Result(catalog, sorted(missing), sorted(conflicts))


def translations(path: Path) -> dict[Key, Text]:
    """What a .po file translates, by (msgid, context); untranslated and fuzzy entries are left out."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=LANGUAGE, charset="utf-8")
    return {key(message): forms(message) for message in texts(catalog) if is_translated(message) and not message.fuzzy}


def forms(message: Message) -> Text:
    """The translation: one text, or a tuple with one text for each plural form."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else str(message.string)


def texts(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def key(message: Message) -> Key:
    """What a message is found by: its (singular) msgid and its context."""
    return (message.id[0] if isinstance(message.id, tuple) else str(message.id), message.context)


def name(message: Message) -> str:
    """The msgid as a person reads it in a list."""
    return key(message)[0] + (f" [{message.context}]" if message.context else "")


def is_translated(message: Message) -> bool:
    """True when every form of the message has text."""
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def po_text(catalog: Catalog) -> bytes:
    """The catalogue as a .po file: sorted, no line numbers."""
    for message in catalog:
        message.flags.discard("python-brace-format")  # placeholders of JavaScript, filled there
    out = io.BytesIO()
    write_po(out, catalog, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    return out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def is_stale(root: Path, result: Result) -> bool:
    """True when the files on disk are not what `merge` gives now."""
    po, mo = catalogue_path(root), catalogue_path(root).with_suffix(".mo")
    wanted = {po: po_text(result.catalog), mo: mo_bytes(result.catalog)}
    return any(not path.exists() or path.read_bytes() != content for path, content in wanted.items())


def write(root: Path, result: Result) -> None:
    """Write django.po and django.mo."""
    path = catalogue_path(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_text(result.catalog))
    path.with_suffix(".mo").write_bytes(mo_bytes(result.catalog))


def problems(root: Path, result: Result) -> list[str]:
    """One line for each thing that is wrong with the catalogue on disk; empty when all is well."""
    lines = [f"no Danish: {text!r}" for text in result.missing]
    lines += [f"two parts disagree: {text!r}" for text in result.conflicts]
    if is_stale(root, result):
        lines.append("The catalogue on disk is not up to date: run script/messages and commit both files.")
    return lines
