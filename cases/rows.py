"""The case that is locked for a write. It comes first, before what is written in it: so two writers wait and never deadlock.

And the editions of its item at a meeting: whoever changes what stands under it, counts it up.
"""

from django.db.models import F
from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import require
from access.roles import Verb
from cases.errors import CaseStateError
from cases.models import Case, CaseItem


def writer_id(actor: Actor) -> int:
    """Who writes. Only somebody who is known holds a verb, so there is always one."""
    assert actor.user_id is not None, "nobody holds no verb"
    return actor.user_id


def locked_case(case: Case, actor: Actor) -> Case:
    """The case as it is now, locked until the end of the transaction. Raises PermissionDenied without WRITE_CASES."""
    require(actor, Verb.WRITE_CASES, case)
    found: Case = Case.objects.select_for_update(of=("self",), no_key=True).select_related("forum").get(tenant_id=case.tenant_id, pk=case.pk)
    return found


def need_open(case: Case) -> None:
    """Raise CaseStateError when the case is closed."""
    if not case.is_open:
        raise CaseStateError(_("The case is closed. Nothing more can be written in it."))


def note_files(item_id: int) -> None:
    """A file has come or gone under this item: books that hold it are stale."""
    CaseItem.objects.filter(item_id=item_id).update(files_edition=F("files_edition") + 1)  # no row of the log: what was done has its own


def note_texts(item_id: int) -> None:
    """What was said, who heard it or what was agreed under this item is another: books that hold it are stale."""
    CaseItem.objects.filter(item_id=item_id).update(texts_edition=F("texts_edition") + 1)
