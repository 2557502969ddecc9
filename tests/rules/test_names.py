"""A kommune's own names stand everywhere: what it has renamed is called so on every page, and no text of ours says the usual word.

What people have written (titles, texts, the names of forums and seats) is theirs and taken out of the page before it is looked at.
"""

import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests import harness
from tests.rules.crawl import tenant_id
from tests.rules.own_words import USUAL

ROOT = Path(__file__).parent.parent.parent
GROUP = re.compile(r"(handleplan|indsats|lokalråd|styregruppe|koordinator)\w*", re.IGNORECASE)  # alone it may be ours as well as a forum's name
# texts of ours that hold a usual word, and why it does not reach a kommune that has another
EXCEPTIONS = {
    "At the Lokalråd": "label of a value; pages say plans.wording.status_name",
    "At the styregruppe": "label of a value; pages say plans.wording.status_name",
    "Sent to the Lokalråd": "label of a value; pages say plans.wording.step_name",
    "Sent to the styregruppe": "label of a value; pages say plans.wording.step_name",
    "Handleplan": "label of a value; pages say {% release_kind %}",
    "Coordinator": "label of a value; pages say municipalities.terms.role_name",
    "School contact": "label of a value; pages say municipalities.terms.role_name",
    "Order the report for the Lokalråd": "English of a verb, which stands in the permissions; the Danish says «rapporten»",
    "Read the report for the Lokalråd": "English of a verb, which stands in the permissions; the Danish says «rapporten»",
    "Cooperation with the Lokalråd": "heading of the politikreds, for all its kommuner: the word of the law (retsplejeloven § 111)",
    "An effort of the plan": "the page of names says what a name is for",
}
PAGES = {
    "/deling/": "frozen copies: what the forum was called on the day they were shared",
    "/opsaetning/navne/": "shows the usual words, so that one knows what is replaced",
}  # fmt: skip


def test_no_text_of_ours_says_a_usual_word():
    """The whole catalogue: a word that a kommune can rename comes from `{% term %}`, or the text says it another way."""
    with (ROOT / "locale/da/LC_MESSAGES/django.po").open("rb") as file:
        texts = [message for message in read_po(file, locale="da") if message.id and message.context != "term"]
    found = set()
    for message in texts:
        said = [*(message.id if isinstance(message.id, tuple) else (message.id,)), *(message.string if isinstance(message.string, tuple) else (message.string,))]
        if any(USUAL.search(text) for text in said):
            found.add(message.id[0] if isinstance(message.id, tuple) else message.id)
    assert found - set(EXCEPTIONS) == set(), "Say it with {% term %} or municipalities.terms.term, or in words that no kommune renames"
    assert set(EXCEPTIONS) - found == set(), "An exception that is no longer needed"


def strings_in(value):
    """The texts in a value of a column."""
    if isinstance(value, str):
        yield from (line for line in value.splitlines() if USUAL.search(line))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from strings_in(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings_in(part)


def written(slug):
    """What people have written in a kommune and hold a usual word, the longest first; as a superuser, who sees all of it."""
    found = set()
    with harness.admin(harness.DATABASE) as conn:
        rows = conn.execute(
            """select table_name, string_agg(quote_ident(column_name), ', ') from information_schema.columns c where table_schema = 'public'
               and (data_type in ('text', 'character varying', 'jsonb') or data_type = 'ARRAY' and udt_name in ('_text', '_varchar'))
               and exists (select from information_schema.columns t where t.table_name = c.table_name and t.table_schema = 'public' and t.column_name = 'tenant_id')
               group by table_name"""
        ).fetchall()
        for table, columns in rows:
            for row in conn.execute(f"select {columns} from {table}").fetchall():  # the politikreds' texts are shown here too
                found |= set(strings_in(row))
        for row in conn.execute("select first_name, last_name, title from access_user").fetchall():
            found |= set(strings_in(row))
    assert tenant_id(slug)
    return sorted({clean(text) for text in found if not GROUP.fullmatch(clean(text))}, key=len, reverse=True)


ADDRESSES = re.compile(r"""\b(?:href|action|src|hx-[\w-]+|data-[\w-]+|id|for|class|name|value|aria-(?:labelledby|describedby|controls))=(?:"[^"]*"|'[^']*')""")


def clean(text):
    """As `readable` gives a page."""
    return re.sub(r"[\s\u00a0\u2060]+", " ", text.replace("\u2060", "")).strip()


@pytest.mark.parametrize("role", ["konsulent", "it", "dpo", "chef", "elev"])
def test_a_kommune_that_has_renamed_everything_meets_no_usual_word(walk, role):
    texts, wrong, own = written("thisted"), [], 0
    for seen in walk(role):
        if any(page in seen.url for page in PAGES) or seen.status in (404, 405):
            continue
        page = ADDRESSES.sub("", seen.text)  # an address is the product's, and the same in every kommune
        own += bool(re.search("Zyx[0-9]+q", page))
        for text in texts:
            page = page.replace(text, "¤")
        wrong += [(seen.url, page[max(0, match.start() - 60) : match.end() + 30]) for match in USUAL.finditer(page)]
    assert wrong == [], json.dumps(wrong[:40], ensure_ascii=False, indent=1)
    assert own > 5, "the names do reach the pages"


@pytest.mark.parametrize("role", ["konsulent", "it", "dpo", "chef", "elev"])
def test_a_sentence_that_ends_with_a_short_month_has_one_full_stop(walk, role):
    """«Næste møde er man 30. nov..» stood at the top of the page one opens every morning."""
    twice = [(seen.url, seen.text[max(0, found.start() - 60) : found.end()]) for seen in walk(role) for found in re.finditer(r"[a-zæøå]\.\.(?!\.)", seen.text)]
    assert twice == []
