"""Addresses below opsaetning/: what the kommune's administrator changes of the organisation."""

from django.urls import URLPattern, path

from municipalities.nouns import NOUNS, Noun
from municipalities.views import class_change, election, forum_setup, matrix, parts, setup, terms


def _urls(noun: Noun) -> list[URLPattern]:
    word = noun.key.removesuffix("_part")
    start = f"opsaetning/{noun.address}/"
    found = [
        path(start, parts.listing(noun), name=f"{noun.key}_list"),
        path(f"{start}<id:{word}_id>/", parts.editing(noun), name=f"{noun.key}_edit"),
        path(f"{start}<id:{word}_id>/fjern/", parts.removing(noun), name=f"{noun.key}_remove"),
    ]
    return [*found, path(f"{start}<id:{word}_id>/flyt/", parts.moving(noun), name=f"{noun.key}_move")] if noun.is_ordered else found


urlpatterns = [
    path("opsaetning/", setup.setup, name="setup"),
    *(pattern for noun in NOUNS for pattern in _urls(noun)),
    path("opsaetning/forebyggelse/form/", parts.prevention_shape, name="prevention_shape"),
    path("opsaetning/trin/placering/", parts.trin_placed_by, name="trin_placed_by"),
    path("opsaetning/navne/", terms.term_list, name="term_list"),
    path("opsaetning/navne/brug/", terms.term_uses, name="term_uses"),
    path("opsaetning/matrix/", matrix.matrix_edit, name="matrix_edit"),
    path("organisation/matrix/", matrix.matrix, name="matrix"),
    path("opsaetning/fora/", forum_setup.forum_list, name="forum_setup_list"),
    path("opsaetning/fora/nyt/", forum_setup.forum_new, name="forum_new"),
    path("opsaetning/fora/<id:forum_id>/", forum_setup.forum_setup, name="forum_setup"),
    path("opsaetning/fora/<id:forum_id>/ret/", forum_setup.forum_edit, name="forum_edit"),
    path("opsaetning/fora/<id:forum_id>/klasse/", class_change.forum_class, name="forum_class"),
    path("klasser/<id:change_id>/", class_change.class_change, name="class_change"),
    path("fora/<id:public_id>/formand/", election.forum_chair, name="forum_chair"),
]
