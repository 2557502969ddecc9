"""Search: what a reader may read, marked, the newest first; logged; never a case, never another's item."""

from datetime import timedelta

import pytest
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.models import LogEntry
from access.roles import Verb
from meetings.models import AgendaItem, Meeting
from meetings.search import Wanted, as_query, search
from tests.conftest import acting

WORD = "kanariefugl"


@pytest.fixture
def written(cast, as_actor):
    """The same rare word in an internal item, an aggregated one, a decision and an agreement of the styregruppe; and its meeting."""
    with as_actor(cast.konsulent) as actor:
        meeting = Meeting.objects.filter(forum__key="styregruppe", status="CALLED").first()
        items = [
            AgendaItem.objects.create(
                tenant_id=actor.tenant_id, forum_id=meeting.forum_id, meeting=meeting, order=90 + n, kind="DROEFTELSE", title=title, text=text, decision=decision,
                data_class=data_class,
            )
            for n, (title, text, decision, data_class) in enumerate(
                (("Åbent punkt", f"Vi talte om {WORD}en ved skolen", "", "INTERNAL"), ("Tal", f"Fem {WORD}e", "", "AGGREGATE"), ("Valg", "", f"Vi vælger {WORD}", "INTERNAL"))
            )
        ]
    return meeting, items


def titles(found):
    return [hit.title for hit in found.hits]


def test_a_word_is_found_by_its_beginning_in_danish(cast, as_actor, written):
    with as_actor(cast.konsulent) as actor:
        assert set(titles(search(actor, Wanted("Kanariefugle")))) == {"Åbent punkt", "Tal", "Valg"}
        assert titles(search(actor, Wanted("kanarie skolerne"))) == ["Åbent punkt"]
        assert titles(search(actor, Wanted('"vælger kanariefugl"'))) == ["Valg"]
        assert titles(search(actor, Wanted(WORD, kinds=("decision",)))) == ["Valg"]
        assert search(actor, Wanted("og")).total == 0


def test_hits_are_marked(cast, as_actor, written):
    with as_actor(cast.konsulent) as actor:
        hit = search(actor, Wanted("kanarie skole")).hits[0]
    assert [piece.text for piece in hit.excerpt if piece.hit] == ["kanariefuglen", "skolen"]


def test_the_class_of_an_item_decides(cast, actor_for, written):
    actor = actor_for(cast.konsulent)
    less = type(actor)(**{**actor.__dict__, "forums": {**actor.forums, Verb.VIEW_AGGREGATE: frozenset()}})
    with acting(less):
        found = search(less, Wanted(WORD))
    assert ("Tal" in titles(found), found.total) == (False, 2)


def test_nobody_finds_what_another_forum_or_kommune_has_written(cast, as_actor, written):
    for user, slug in ((cast.it, "thisted"), (cast.dpo, "thisted"), (cast.fnt, "morsoe")):
        with as_actor(user, slug) as actor:
            found = search(actor, Wanted(WORD))
            assert (found.hits, found.total) == ([], 0), user


def test_a_recused_member_finds_nothing_of_the_item(cast, as_actor, written):
    from meetings.recusal_actions import recuse

    _meeting, items = written
    with as_actor(cast.konsulent) as actor:
        recuse(items[0], actor=actor, user=cast.fnt)
    with as_actor(cast.fnt) as actor:
        found = search(actor, Wanted(WORD))
        assert ("Åbent punkt" in titles(found), found.total) == (False, 2)


def test_the_function_answers_as_row_security_would(cast, as_actor):
    """The wall is written twice, in the policy and in the function: for every reader both give the same items."""
    vector = SearchVector("title", "text", "decision", config="danish")
    readers = 0
    for key, user in cast.users.items():
        try:
            entered = as_actor(user)
            with entered as actor:
                for word in ("møde", "skole", "unge", "politi"):
                    asked = SearchQuery(as_query(word), config="danish", search_type="raw")
                    seen = AgendaItem.objects.annotate(words=vector).filter(words=asked, tenant_id=actor.tenant_id).exclude(data_class="PERSON_115")
                    expected = seen.exclude(meeting__status="CANCELLED").count() if actor.forums_with(Verb.VIEW_AGENDA) else 0
                    assert search(actor, Wanted(word, kinds=("item", "decision"))).total == expected, (key, word)
                    readers += expected > 0
        except AssertionError as error:
            if "is nobody" not in str(error):
                raise
    assert readers > 20


def test_the_page_shows_marks_links_and_pages(cast, visit, written, django_assert_max_num_queries):
    browser = visit(cast.konsulent)
    with django_assert_max_num_queries(14):
        page = browser.get("/thisted/soeg/", {"q": "kanarie"})
    text = page.content.decode()
    assert page.status_code == 200 and "<mark>kanariefuglen</mark>" in text
    assert f"/thisted/moeder/{written[0].public_id}/#punkt-{written[1][0].public_id}" in text


def test_hits_come_a_page_at_a_time(cast, visit, written, monkeypatch):
    for module in ("meetings.search", "meetings.views.search"):
        monkeypatch.setattr(f"{module}.PER_PAGE", 2)
    first, second = (visit(cast.konsulent).get("/thisted/soeg/", {"q": "kanarie", "page": page}).content.decode() for page in ("1", "2"))
    assert 'href="?page=2&amp;q=kanarie"' in first and (first.count("<mark>"), second.count("<mark>")) == (2, 1)


def test_of_a_word_that_stands_in_very_many_places_the_newest_are_found_and_no_more_are_counted(cast, as_actor, visit):
    """The pages are those that sorting every hit would give."""
    with as_actor(cast.konsulent) as actor:
        first = Meeting.objects.filter(forum__key="styregruppe", status="CALLED").first()
        about = {"tenant_id": actor.tenant_id, "forum_id": first.forum_id}
        now = timezone.now()
        days = [now - timedelta(days=n // 2) for n in range(700)]  # two on each day at the same time: the window takes both or none
        meetings = Meeting.objects.bulk_create(Meeting(**about, starts_at=day, ends_at=day + timedelta(hours=1), status="APPROVED") for day in days)
        say = lambda meeting, n: f"Om {WORD}" if n % 3 == 0 or meeting.starts_at < days[600] else "Om andet"  # noqa: E731  # scarce among the newest
        items = AgendaItem.objects.bulk_create(
            AgendaItem(**about, meeting=meeting, order=n, kind="DROEFTELSE", title=say(meeting, n), data_class="INTERNAL") for meeting in meetings for n in range(6)
        )
        wanted = [(-item.meeting.starts_at.timestamp(), item.pk, item.public_id) for item in items if WORD in item.title]
        places = [public_id for _when, _pk, public_id in sorted(wanted)]
        assert len(places) > 1000
        for page in (1, 2, 31, 50):
            found = search(actor, Wanted(WORD), page)
            assert [hit.place for hit in found.hits] == places[(page - 1) * 20 : page * 20], page
            assert (found.total, found.is_more) == (1000, True)
        assert [hit.place for hit in search(actor, Wanted(WORD), 999).hits] == places[980:1000], "there is no page after the last"
        assert not search(actor, Wanted(WORD, until=days[500].date())).is_more
    text = visit(cast.konsulent).get("/thisted/soeg/", {"q": WORD}).content.decode()
    assert "Mere end 1.000 steder" in text and "Vælg et forum eller en periode" in text


def test_each_search_stands_in_the_log(cast, visit, log):
    visit(cast.konsulent).get("/thisted/soeg/", {"q": "cykelværksted"})
    row = log()[-1]
    assert (row.action, row.purpose, row.note, row.subjects) == (LogEntry.Action.SEARCH, "search", "cykelværksted", [])


@pytest.mark.parametrize(
    ("query", "status"),
    [({"q": "010203-1234"}, 422), ({"q": "x", "fra": "2026-02-01", "til": "2026-01-01"}, 422), ({"q": "x", "fra": "i går"}, 422), ({"q": "x", "forum": "findes-ikke"}, 422),
     ({"q": "x", "page": "99999999"}, 200), ({"q": "x", "page": "-1"}, 200), ({"q": "' & | ! <-> :* \\"}, 200), ({"q": "<script>"}, 200)],
)  # fmt: skip
def test_bad_input_gets_a_sentence_or_nothing(cast, visit, query, status):
    page = visit(cast.konsulent).get("/thisted/soeg/", query)
    assert page.status_code == status and "<script>" not in page.content.decode()


def test_who_reads_no_agenda_has_no_search(cast, visit):
    assert visit(cast.it).get("/thisted/soeg/", {"q": "møde"}).status_code == 404
    assert "/thisted/soeg/" not in visit(cast.it).get("/thisted/organisation/").content.decode()
    assert 'action="/thisted/soeg/"' in visit(cast.konsulent).get("/thisted/organisation/").content.decode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_query_that_postgresql_takes(db, typed):
    with connection.cursor() as cursor:
        cursor.execute("select to_tsquery('danish', %s)", [as_query(typed.replace("\x00", ""))])
