"""The Danish catalogue: what is found in the sources, which translation wins, and when it is out of date."""

from pathlib import Path

import pytest

from ssp import messages_catalog as catalogue

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small checkout: one template, one package, tests and migrations that do not count."""
    files = {
        "templates/page.html": """{% load i18n %}<p>It's {% translate "Save" %} {% trans "May" context "month" %}
  {% blocktranslate count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}</p>
{% include "x.html" with title=_("A 'quoted' title") %}""",
        "app/__init__.py": "",
        "app/models.py": 'from django.utils.translation import gettext_lazy as _\nname = _("Name")\n',
        "app/migrations/0001_initial.py": 'name = _("Not this")\n',
        "tests/__init__.py": 'name = _("Nor this")\n',
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "locale" / "parts").mkdir(parents=True)
    return tmp_path


def hand_in(root: Path, name: str, entries: str) -> None:
    (root / "locale" / "parts" / f"{name}.po").write_text(HEADER + entries, encoding="utf-8")


def test_finds_every_kind_of_text(root: Path) -> None:
    assert catalogue.merge(root).missing == ["%(n)s row", "A 'quoted' title", "May [month]", "Name", "Save"]


def test_a_part_wins_over_what_was_there_and_the_rest_is_kept(root: Path) -> None:
    hand_in(root, "one", 'msgid "Save"\nmsgstr "Gem"\n\nmsgid "Name"\nmsgstr "Navn"\n')
    catalogue.write(root, catalogue.merge(root))
    (root / "locale" / "parts" / "one.po").unlink()
    hand_in(root, "two", 'msgid "Save"\nmsgstr "Gem nu"\n')
    found = {message.id: message.string for message in catalogue.merge(root).catalog if message.id}
    assert (found["Save"], found["Name"]) == ("Gem nu", "Navn")


def test_two_parts_that_disagree_are_told(root: Path) -> None:
    hand_in(root, "one", 'msgid "Save"\nmsgstr "Gem"\n')
    hand_in(root, "two", 'msgid "Save"\nmsgstr "Gem nu"\n')
    assert catalogue.merge(root).conflicts == ["Save"]


def test_a_plural_needs_all_its_forms(root: Path) -> None:
    hand_in(root, "one", 'msgid "%(n)s row"\nmsgid_plural "%(n)s rows"\nmsgstr[0] "%(n)s række"\nmsgstr[1] ""\n')
    assert "%(n)s row" in catalogue.merge(root).missing
    hand_in(root, "one", 'msgid "%(n)s row"\nmsgid_plural "%(n)s rows"\nmsgstr[0] "%(n)s række"\nmsgstr[1] "%(n)s rækker"\n')
    assert "%(n)s row" not in catalogue.merge(root).missing


def test_written_files_are_stable_until_a_text_changes(root: Path) -> None:
    assert catalogue.is_stale(root, catalogue.merge(root))
    catalogue.write(root, catalogue.merge(root))
    assert not catalogue.is_stale(root, catalogue.merge(root))
    (root / "templates" / "page.html").write_text("{% load i18n %}{% translate 'Send' %}", encoding="utf-8")
    result = catalogue.merge(root)
    assert catalogue.is_stale(root, result)
    assert "no Danish: 'Send'" in catalogue.problems(root, result)


def test_django_reads_what_was_written(root: Path) -> None:
    from gettext import GNUTranslations

    hand_in(root, "one", 'msgid "%(n)s row"\nmsgid_plural "%(n)s rows"\nmsgstr[0] "%(n)s række"\nmsgstr[1] "%(n)s rækker"\n\nmsgctxt "month"\nmsgid "May"\nmsgstr "maj"\n')
    catalogue.write(root, catalogue.merge(root))
    with catalogue.catalogue_path(root).with_suffix(".mo").open("rb") as file:
        danish = GNUTranslations(file)
    assert danish.ngettext("%(n)s row", "%(n)s rows", 2) == "%(n)s rækker"
    assert danish.pgettext("month", "May") == "maj"
    assert danish.gettext("Save") == "Save"
