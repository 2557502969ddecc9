"""What is made once comes out as if it were made anew: for each language, kommune and reader."""

from datetime import date, datetime

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.template.defaultfilters import date as plain_date
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

MOMENT = timezone.make_aware(datetime(2031, 5, 9, 13, 5))


def made(text, **values):
    return Template("{% load i18n %}" + text).render(Context(values))


@pytest.mark.parametrize("shape", ["j F Y", "l j F", "D", "c", "DATE_FORMAT", "G:i"])
@pytest.mark.parametrize("value", [MOMENT, date(2031, 5, 9), None, ""])
def test_a_date_reads_as_djangos_own_in_each_language(value, shape):
    if shape == "G:i" and type(value) is date:
        return  # a day has no time
    for language in ("da", "en", "da"):
        with override(language):
            assert made(f'{{{{ value|date:"{shape}" }}}}', value=value) == plain_date(value, shape)


def test_a_moment_is_shown_in_danish_time():
    assert made("{{ value|date:'H:i' }}", value=datetime(2031, 7, 1, 10, 0, tzinfo=timezone.get_default_timezone())) == "10:00"
    assert made("{{ value|date:'H:i' }}", value=datetime.fromisoformat("2031-07-01T10:00:00+00:00")) == "12:00"
    assert made("{{ value|date:'H:i' }}", value=datetime.fromisoformat("2031-12-01T10:00:00+00:00")) == "11:00"


def test_an_address_is_the_one_of_its_arguments():
    for slug in ("thisted", "morsoe", "thisted"):
        assert made("{% url 'organisation' slug %}", slug=slug) == reverse("organisation", args=[slug])
    assert made("{% url 'organisation' slug as there %}[{{ there }}]", slug="thisted") == f"[{reverse('organisation', args=['thisted'])}]"


def test_an_address_that_is_not_there():
    with pytest.raises(NoReverseMatch):
        made("{% url 'no-such-page' %}")
    assert made("{% url 'no-such-page' as there %}[{{ there }}]") == "[]"
    with pytest.raises(TemplateSyntaxError):
        made("{% url 'organisation' slug=slug %}", slug="thisted")


class Day(forms.Form):
    on = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput(format="%Y-%m-%d"))


def test_a_blank_form_is_each_languages_own_and_a_filled_one_is_never_kept():
    for start in (date(2031, 5, 9), date(2031, 5, 10)):
        for language, label in (("da", "Dato"), ("en", "Date")):
            with override(language):
                shown = made("{% blank_fields form %}", form=Day(initial={"on": start}))
                assert f">{label}</label>" in shown
                assert f'value="{plain_date(start, "Y-m-d")}"' in shown
    wrong = made("{% blank_fields form %}", form=Day({"on": "<i>"}))
    assert "&lt;i&gt;" in wrong
    assert "&lt;i&gt;" not in made("{% blank_fields form %}", form=Day(initial={}))


def test_the_menu_is_the_readers_own(visit, cast):
    first, other = (visit(user).get("/thisted/").content.decode() for user in (cast.konsulent, cast.it))
    assert "/thisted/sager/" in first
    assert "/thisted/sager/" not in other
    assert "/thisted/opsaetning/" in other
    assert "/thisted/opsaetning/" not in first
