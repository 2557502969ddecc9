"""Danish, unless the user has chosen English: the browser's own language is not asked."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Django's middleware without Accept-Language: police and kommune share machines whose browsers speak English."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of the cookie that `set_language` writes, else the default."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        translation.activate(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
