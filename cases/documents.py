"""The document of one case. There is no document of several: § 115 stk. 2 forbids use for investigation."""

from django.utils import timezone

from access.exports import render_pdf
from access.request import TenantRequest
from cases import case_file, opening
from cases.models import Case


def case_pdf(request: TenantRequest, case: Case) -> bytes:
    """The PDF of an opened case, every page marked with the reader and the time."""
    context = {
        "file": case_file.read_case_file(case), "case": case, "asked": opening.asked(request, case.public_id),
        "tenant": request.tenant, "reader": request.user, "made_at": timezone.now(),
    }  # fmt: skip
    return render_pdf("cases/pdf/case.html", context)
