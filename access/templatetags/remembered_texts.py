"""Django's {% translate %} and {% blocktranslate %}; what is the same at each rendering is made once. `{% load i18n %}` brings these (settings).

A page has some fifty of them, and most are a text without a value in it.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token, render_value_in_context
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language, gettext

from access.sentences import one_full_stop

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class TextNode(i18n.TranslateNode):
    """A text of the catalogue, remembered for each language when nothing else decides what it reads."""

    def __init__(self, found: i18n.TranslateNode) -> None:
        super().__init__(found.filter_expression, found.noop, found.asvar, found.message_context)
        literal = getattr(found.filter_expression.var, "literal", None)
        self.is_constant = isinstance(literal, str) and not found.filter_expression.filters and not found.message_context
        self.texts: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """The text; with `as`, nothing, and the text in the variable."""
        if not self.is_constant or self.asvar:
            return super().render(context)
        language = get_language()
        if language not in self.texts:
            self.texts[language] = super().render(context)
        return self.texts[language]


class SentenceNode(i18n.BlockTranslateNode):
    """A sentence with values in it; its message id is put together once. «… den 3. aug.» ends with one full stop, not with two."""

    def __init__(self, found: i18n.BlockTranslateNode) -> None:
        own = ("extra_context", "singular", "plural", "countervar", "counter", "message_context", "trimmed", "asvar", "tag_name")
        super().__init__(**{name: getattr(found, name) for name in own})
        self.messages = {id(tokens): super(SentenceNode, self).render_token_list(tokens) for tokens in (found.singular, found.plural) if tokens}
        names = self.messages[id(found.singular)][1]
        self.is_plain = not (found.plural or found.message_context or found.asvar) and self.extra_context.keys() >= set(names)

    def render(self, context: Context, nested: bool = False) -> str:
        """The sentence; with `asvar`, nothing, and the sentence in the variable."""
        said = self._plain(context) if self.is_plain and not nested else super().render(context, nested)
        return one_full_stop(said)

    def _plain(self, context: Context) -> str:
        """What Django makes of a sentence that brings all of its values and has no plural, without laying them into the context."""
        message, names = self.messages[id(self.singular)]
        try:
            return gettext(message) % {name: render_value_in_context(self.extra_context[name].resolve(context), context) for name in names}
        except (KeyError, ValueError):  # the translation names another value: Django answers with the text in English
            return str(super().render(context))

    def render_token_list(self, tokens: list[Token]) -> tuple[str, list[str]]:
        """(message id, the names in it); the list is the caller's to change."""
        message, names = self.messages[id(tokens)]
        return message, list(names)


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> TextNode:
    """{% translate "text" … %}, as Django's own."""
    return TextNode(i18n.do_translate(parser, token))


@register.tag("blocktranslate")
@register.tag("blocktrans")
def blocktranslate(parser: Parser, token: Token) -> Any:
    """{% blocktranslate … %}, as Django's own."""
    return SentenceNode(i18n.do_block_translate(parser, token))
