"""What a form says when a field is left empty: what to do, in the field's own words, and not that it is required."""

from collections.abc import Callable

from django.forms import BaseForm, Field
from django.utils.functional import Promise


def says_what_is_needed[F: type[BaseForm]](**sentences: str | Promise) -> Callable[[F], F]:
    """Decorator of a form: its sentence for each field by name, «Write the title.». Forms derived from it say the same. KeyError for a field it has not."""

    def put(form: F) -> F:
        fields: dict[str, Field] = form.base_fields  # type: ignore[attr-defined]  # made by the metaclass of forms
        for name, sentence in sentences.items():
            fields[name].error_messages["required"] = sentence  # type: ignore[assignment]  # a lazy text, as everywhere in forms
        return form

    return put
