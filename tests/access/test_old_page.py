"""A form that was opened before a new login is refused with a page that says what to do, and not with Django's own."""

from django.test import Client


def test_a_form_from_before_a_new_login_is_refused_with_what_to_do(db):
    answer = Client(enforce_csrf_checks=True).post("/konto/login/", {"csrfmiddlewaretoken": "x" * 64})
    text = answer.content.decode()
    assert answer.status_code == 403 and "Siden var for gammel til at blive gemt" in text and "CSRF" not in text
