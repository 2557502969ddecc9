"""The policies of row security of the tables about cases: shells for who opens the forum's cases, texts behind the ticket.

Part of `access.row_policies`, where it says what holds of them all: never edit the text of a kind that has shipped.
"""

from access.row_policy import Policy, read_more
from access.row_rules import (
    CASE_OWN,
    CASE_SEEN,
    CASES,
    FORUM_CASES,
    ITEM_SEEN,
    ITEMS,
    MINE,
    MY_CASES,
    NOT_RECUSED_CASE,
    OWN_FORUM_CASES,
    PERSON,
    PERSON_IN_CASE,
    PERSON_IN_CASE_2,
    PERSON_IN_CASE_WRITE,
    PERSON_IN_CASE_WRITE_2,
    PERSON_WRITE,
    SYSTEM,
    TENANT,
    ids_of,
)

CASE_POLICIES: dict[str, list[Policy]] = {
    # a person belongs to one forum, so that nobody reaches another forum's person by a case of his own
    "person_shell": read_more(f"({FORUM_CASES}) or ({TENANT} and cardinality(ssp_ids('guest_cases')) > 0)", FORUM_CASES),
    "case": read_more(MY_CASES, f"{FORUM_CASES} and person_id in (select p.id from cases_person p where p.forum_id = cases_case.forum_id)"),
    "case_2": read_more(
        f"({MY_CASES}) and {NOT_RECUSED_CASE}",
        f"{FORUM_CASES} and {NOT_RECUSED_CASE} and person_id in (select p.id from cases_person p where p.forum_id = cases_case.forum_id)",
    ),
    "case_recusal": [
        Policy("select", f"{TENANT} and (case_id in {CASES} or user_id = (select ssp_id('user')))", None),
        Policy("insert", None, f"{TENANT} and case_id in {OWN_FORUM_CASES}"),
        Policy("delete", f"{TENANT} and case_id in {OWN_FORUM_CASES}", None),
    ],
    "case_child": read_more(f"{TENANT} and case_id in {CASES}", f"{TENANT} and case_id in {OWN_FORUM_CASES}"),
    # a guest sees his own item only: not the case's earlier meetings, nor what was agreed there
    "case_item": read_more(f"{TENANT} and case_id in {CASES} and item_id in {ITEMS}", f"{TENANT} and case_id in {OWN_FORUM_CASES} and item_id in {ITEMS}"),
    "case_agreement": read_more(
        f"{TENANT} and case_id in {CASES} and (forum_id in {ids_of('case_forums')} or item_id in {ids_of('guest_items')})",
        f"{FORUM_CASES} and case_id in {OWN_FORUM_CASES}",
    ),
    "grant": read_more(
        f"({TENANT} and case_id in {CASES}) or user_id = (select ssp_id('user'))",
        f"{FORUM_CASES} and case_id in {OWN_FORUM_CASES} and item_id in {ITEMS}",
    ),
    # the log row is the ticket
    "person_ticket": read_more(PERSON, PERSON_WRITE),
    "case_ticket": read_more(PERSON_IN_CASE, PERSON_IN_CASE_WRITE),
    "discussion_ticket": read_more(f"{PERSON_IN_CASE} and item_id in {ITEMS}", PERSON_IN_CASE_WRITE),
    "agreement_ticket": read_more(f"{PERSON_IN_CASE} and agreement_id in (select id from cases_caseagreement)", PERSON_IN_CASE_WRITE),
    "case_recusal_2": [
        Policy("select", f"{TENANT} and ({CASE_SEEN} or user_id = (select ssp_id('user')))", None),
        Policy("insert", None, f"{TENANT} and {CASE_OWN}"),
        Policy("delete", f"{TENANT} and {CASE_OWN}", None),
    ],
    "case_item_2": read_more(f"{TENANT} and {CASE_SEEN} and {ITEM_SEEN}", f"{TENANT} and {CASE_OWN} and {ITEM_SEEN}"),
    "case_agreement_2": read_more(
        f"{TENANT} and {CASE_SEEN} and (forum_id in {ids_of('case_forums')} or item_id in {ids_of('guest_items')})", f"{FORUM_CASES} and {CASE_OWN}"
    ),
    # who is responsible for an aftale in a case is read with it; a row is never changed, and goes with the case or when the aftale is put right
    "case_agreement_party": [
        Policy("select", f"{TENANT} and exists (select from cases_caseagreement seen where seen.id = agreement_id)", None),
        Policy("insert", None,
            f"{TENANT} and {CASE_OWN} and exists (select from cases_caseagreement seen where seen.id = agreement_id"
            f" and seen.case_id = cases_caseagreementparty.case_id and seen.forum_id in {ids_of('case_forums')})",
        ),
        Policy("delete", f"{TENANT} and {CASE_OWN}", None),
    ],
    # what became of an aftale in a case: for who opens the forum's cases, no guest; in one's own name, never changed, and gone only with the case
    "case_agreement_step": [
        Policy("select", f"{TENANT} and exists (select from cases_caseagreement seen where seen.id = agreement_id and seen.forum_id in {ids_of('case_forums')})", None),
        Policy("insert", None,
            f"{TENANT} and {CASE_OWN} and (author_id = {MINE} or {SYSTEM}) and exists (select from cases_caseagreement seen where seen.id = agreement_id"
            f" and seen.case_id = cases_caseagreementstep.case_id and seen.forum_id in {ids_of('case_forums')})",
        ),
        Policy("delete", f"{TENANT} and {CASE_OWN}", None),
    ],
    # why it became that: the same, behind the ticket of the person the case is about
    "agreement_remark_ticket": [
        Policy("select", f"{PERSON_IN_CASE_2} and exists (select from cases_caseagreementstep seen where seen.id = step_id)", None),
        Policy("insert", None,
            f"{PERSON_IN_CASE_WRITE_2} and exists (select from cases_caseagreementstep seen join cases_case c on c.id = seen.case_id where seen.id = step_id"
            " and seen.case_id = cases_caseagreementremark.case_id and c.person_id = cases_caseagreementremark.person_id"
            f" and (seen.author_id = {MINE} or {SYSTEM}))",
        ),
        Policy("delete", PERSON_IN_CASE_WRITE_2, None),
    ],
    "grant_2": read_more(f"({TENANT} and {CASE_SEEN}) or user_id = (select ssp_id('user'))", f"{FORUM_CASES} and {CASE_OWN} and {ITEM_SEEN}"),
    "case_ticket_2": read_more(PERSON_IN_CASE_2, PERSON_IN_CASE_WRITE_2),
    "discussion_ticket_2": read_more(f"{PERSON_IN_CASE_2} and {ITEM_SEEN}", PERSON_IN_CASE_WRITE_2),
    # that a case is kept longer: for who opens the forum's cases, no guest; in one's own name, never changed, and gone only with the case
    "case_extension": [
        Policy("select", f"{PERSON_IN_CASE_2} and {CASE_OWN}", None),
        Policy("insert", None,
            f"{PERSON_IN_CASE_WRITE_2} and (extended_by_id = {MINE} or {SYSTEM})"
            " and exists (select from cases_case c where c.id = case_id and c.person_id = cases_caseextension.person_id)",
        ),
        Policy("delete", PERSON_IN_CASE_WRITE_2, None),
    ],
    # a file of a case, seen with the case and its item; laid up in one's own name under an item of that case, and never changed
    "case_attachment": [
        Policy("select", f"{PERSON_IN_CASE_2} and {ITEM_SEEN}", None),
        Policy("insert", None,
            f"{PERSON_IN_CASE_WRITE_2} and (uploaded_by_id = {MINE} or {SYSTEM}) and exists (select from cases_caseitem l where l.item_id = cases_caseattachment.item_id"
            " and l.case_id = cases_caseattachment.case_id and l.meeting_id = cases_caseattachment.meeting_id and l.person_id = cases_caseattachment.person_id)",
        ),
        Policy("delete", PERSON_IN_CASE_WRITE_2, None),
    ],
    "agreement_ticket_2": read_more(
        f"{PERSON_IN_CASE_2} and exists (select from cases_caseagreement seen where seen.id = agreement_id)", PERSON_IN_CASE_WRITE_2
    ),
}
