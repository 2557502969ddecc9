"""{% translate %} and {% blocktranslate %} come out as Django's own, at the first rendering and at the next, in each language."""

import pytest
from django.template import Context, Engine, TemplateSyntaxError, engines
from django.utils.translation import get_language, override

OURS, DJANGOS = engines["django"].engine, Engine(libraries={"i18n": "django.templatetags.i18n"})
TEXTS = [
    '{% translate "Date" %}',
    '{% translate "Date" as word %}[{{ word }}]',
    '{% translate "Date"|upper %}',
    '{% translate name %}',
    '{% translate name noop %}',
    '{% translate "100 % <b>&" %}',
    '{% autoescape off %}{% translate "100 % <b>&" %}{% translate name %}{% endautoescape %}',
    '{% trans "May" context "verb" %}',
    '{% blocktranslate with day=name %}Until {{ day }}: 100 %{% endblocktranslate %}',
    '{% autoescape off %}{% blocktranslate with day=name place=missing %}Until {{ day }} in {{ place }}{% endblocktranslate %}{% endautoescape %}',
    '{% blocktranslate with day=name %}Until {{ day }} in {{ name }}{% endblocktranslate %}',
    '{% blocktranslate count n=number %}{{ n }} day{% plural %}{{ n }} days for {{ name }}{% endblocktranslate %}',
    '{% blocktranslate asvar said trimmed %}\n Date \n{% endblocktranslate %}[{{ said }}]',
    '{% blocktranslate %}{{ missing }}!{% endblocktranslate %}',
    '{% get_current_language as code %}{{ code }}{% language "en" %}{% translate "Date" %}{% endlanguage %}',
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_out_as_djangos_own(text):
    ours, djangos = (engine.from_string("{% load i18n %}" + text) for engine in (OURS, DJANGOS))
    for language in ("da", "en", "da", "en"):
        for name, number in (("Date", 1), ("<i>Place</i>", 2)):
            values = {"name": name, "number": number}
            with override(language):
                assert ours.render(Context(values)) == djangos.render(Context(values))


def test_a_constant_is_looked_up_once_for_each_language(monkeypatch):
    asked = []
    template = OURS.from_string('{% load i18n %}{% translate "Date" %}')
    monkeypatch.setattr("django.utils.translation._trans.gettext", lambda message: asked.append(message) or f"{message} 1")
    for language in ("da", "en", "da", "en"):
        with override(language):
            assert template.render(Context()) == "Date 1"
    assert asked == ["Date", "Date"]


@pytest.mark.parametrize(("day", "said"), [("3. aug.", "Until 3. aug."), ("3 May", "Until 3 May."), ("3 May..", "Until 3 May...")])
def test_a_sentence_that_ends_with_an_abbreviation_has_one_full_stop(day, said):
    template = OURS.from_string("{% load i18n %}{% blocktranslate %}Until {{ day }}.{% endblocktranslate %}")
    with override("en"):
        assert template.render(Context({"day": day})) == said


def test_what_is_wrong_is_refused_as_djangos_own():
    with pytest.raises(TemplateSyntaxError):
        OURS.from_string('{% load i18n %}{% translate "Date" as %}')


def test_a_translation_that_names_another_value_gives_the_english_text(monkeypatch):
    template = OURS.from_string("{% load i18n %}{% blocktranslate with day=name %}Until {{ day }}{% endblocktranslate %}")
    monkeypatch.setattr("django.utils.translation.trans_real.gettext", lambda message: message if get_language() is None else "Indtil %(dag)s")
    with override("da"):
        assert template.render(Context({"name": "3 May"})) == "Until 3 May"
