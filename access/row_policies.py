"""The policies of row security: for each kind of table, which rows a context reads and writes. `access.constraints` makes them.

Never edit the text of a kind that has shipped: a migration does not freeze it. Add `forum_2` beside `forum`.
`tests/rules/test_catalog.py` compares the policies in the database with this file.
"""

from access.case_row_policies import CASE_POLICIES
from access.meeting_row_policies import MEETING_POLICIES
from access.row_policy import Policy, read_more, same, write_once
from access.row_rules import (
    AUDITS,
    EXPORT,
    I_SIT_NOW,
    KOMMUNER_OF_KREDS,
    KREDSRAAD,
    LEADER,
    LED_BY_ME,
    MANAGED,
    MANAGES,
    MEMBER,
    MINE,
    OPEN_FORUM,
    OTHER_SITS_NOW,
    PARENT,
    PLAN_SEEN,
    PLAN_WRITE,
    PUBLIC,
    RELEASE_WRITE,
    SIGNER_SITS_NOW,
    STEP_IN_FUNCTION,
    SYSTEM,
    TENANT,
    WRITES_PLANS,
    ids_of,
)

POLICIES: dict[str, list[Policy]] = {
    **CASE_POLICIES,
    **MEETING_POLICIES,
    # configuration that any actor in the tenant may read
    "tenant": read_more(TENANT, MANAGED),
    # configuration of members only: a guest called in for one case does not see it
    "member": read_more(f"{TENANT} and {MEMBER}", MANAGED),
    # what kommuner may read of their politikreds
    "tenant_or_parent": read_more(f"{TENANT} or {PARENT}", MANAGED),
    "forum_shell": read_more(f"{TENANT} or ({PARENT} and kind = 'KREDSRAAD')", MANAGED),
    "seat": read_more(f"{TENANT} or user_id = (select ssp_id('user')) or ({PARENT} and forum_id in {KREDSRAAD})", MANAGED),
    # an election is recorded by whoever writes the minutes; municipalities.guard_sql lets it touch nothing but the role
    "seat_2": [
        Policy("select", f"{TENANT} or user_id = (select ssp_id('user')) or ({PARENT} and forum_id in {KREDSRAAD})", None),
        Policy("insert", None, MANAGED),
        Policy("update", f"({MANAGED}) or ({TENANT} and forum_id in {ids_of('minutes_forums')})", f"({MANAGED}) or ({TENANT} and forum_id in {ids_of('minutes_forums')})"),
        Policy("delete", MANAGED, None),
    ],
    # asked for by an administrator; decided by another one, or by who signs for the Lokalråd or the styregruppe
    "class_change": [
        Policy("select", f"{TENANT} and ('manage_tenant' = any(ssp_words('tenant_verbs')) or cardinality(ssp_ids('sign_forums')) > 0)", None),
        Policy("insert", None, f"{MANAGED} and asked_by_id = {MINE}"),
        Policy("update", f"{TENANT} and ('manage_tenant' = any(ssp_words('tenant_verbs')) or cardinality(ssp_ids('sign_forums')) > 0)", TENANT),
    ],
    "class_change_2": [
        Policy("select", f"{TENANT} and ('manage_tenant' = any(ssp_words('tenant_verbs')) or cardinality(ssp_ids('sign_forums')) > 0 or {EXPORT})", None),
        Policy("insert", None, f"{MANAGED} and asked_by_id = {MINE}"),
        Policy("update", f"{TENANT} and ('manage_tenant' = any(ssp_words('tenant_verbs')) or cardinality(ssp_ids('sign_forums')) > 0)", TENANT),
    ],
    # asked for by an administrator; decided by another one, by the data protection officer, or by who signs for the Lokalråd or the styregruppe
    "appointment_wish": [
        Policy("select", f"{TENANT} and ({MANAGES} or {AUDITS} or cardinality(ssp_ids('sign_forums')) > 0 or {EXPORT})", None),
        Policy("insert", None, f"{MANAGED} and asked_by_id = {MINE}"),
        Policy("update", f"{TENANT} and ({MANAGES} or {AUDITS} or cardinality(ssp_ids('sign_forums')) > 0)", TENANT),
    ],
    "tenant_or_own": read_more(f"{TENANT} or user_id = (select ssp_id('user'))", MANAGED),
    # ended, never deleted: who has held a role stays to be read
    "appointment": [policy for policy in read_more(f"{TENANT} or user_id = {MINE}", MANAGED) if policy.command != "delete"],
    "plan": read_more(f"({PLAN_WRITE}) or ({TENANT} and {MEMBER} and status = 'APPROVED')", PLAN_WRITE),
    "plan_child": same(f"{TENANT} and plan_id in (select id from plans_plan)"),
    "plan_record": write_once(f"{TENANT} and plan_id in (select id from plans_plan)"),
    # a pledge is given by oneself alone, and never taken back or changed
    "pledge": [
        Policy("select", f"{TENANT} and ({MEMBER} or user_id = (select ssp_id('user')))", None),
        Policy("insert", None, f"{TENANT} and user_id = (select ssp_id('user'))"),
    ],
    # who could see what, as it was signed: for the forum's own, its administrator and the data protection officer; never changed
    "access_review": [
        Policy("select",
            f"{TENANT} and (forum_id in {ids_of('agenda_forums')} or ({MEMBER} and forum_id in {OPEN_FORUM}) or ssp_words('tenant_verbs') && '{{view_audit,manage_tenant}}')",
            None,
        ),
        Policy("insert", None, f"{TENANT} and forum_id in {ids_of('sign_forums')} and signed_by_id = (select ssp_id('user'))"),
    ],
    # nobody signs for himself alone: where the only holder is who would sign, or nobody has the right to, the data protection officer does
    "access_review_2": [
        Policy("select",
            f"{TENANT} and (forum_id in {ids_of('agenda_forums')} or ({MEMBER} and forum_id in {OPEN_FORUM}) or ssp_words('tenant_verbs') && '{{view_audit,manage_tenant}}')",
            None,
        ),
        Policy("insert", None,
            f"{TENANT} and signed_by_id = {MINE} and ((forum_id in {ids_of('sign_forums')} and {OTHER_SITS_NOW})"
            f" or ({AUDITS} and {OTHER_SITS_NOW} and not {I_SIT_NOW} and not {SIGNER_SITS_NOW}))",
        ),
    ],
    "seat_ending": [
        Policy("select", f"{TENANT} and (ssp_words('tenant_verbs') && '{{view_audit,manage_tenant}}' or forum_id in {ids_of('sign_forums')})", None),
        Policy("insert", None, f"{TENANT} and forum_id in {ids_of('sign_forums')} and asked_by_id = (select ssp_id('user'))"),
        Policy("update", MANAGED, MANAGED),
    ],
    # belongs to a person and to no kommune: his alone, wherever he is
    "own_row": same(f"user_id = {MINE}"),
    # who is invited here, until when: for the administrator, the data protection officer, and the invited himself behind his link
    "invitation": read_more(f"{TENANT} and (ssp_words('tenant_verbs') && '{{view_audit,manage_tenant}}' or user_id = (select ssp_id('user')))", MANAGED),
    # people read from a file and not entered yet; the system forgets what nobody confirms
    "people_import": [
        Policy("select", f"({MANAGED}) or ({TENANT} and {SYSTEM})", None), Policy("insert", None, MANAGED), Policy("delete", f"({MANAGED}) or ({TENANT} and {SYSTEM})", None),
    ],
    "plan_child_2": same(f"{TENANT} and {PLAN_SEEN}"),
    "plan_record_2": write_once(f"{TENANT} and {PLAN_SEEN}"),
    "report": same(f"{TENANT} and (forum_id in {ids_of('report_forums')} or audience_id in {ids_of('report_forums')})"),
    "release": [
        Policy("select", f"{MEMBER} and ({TENANT} or (withdrawn_at is null and tenant_id in {KOMMUNER_OF_KREDS}))", None),
        Policy("insert", None, f"{RELEASE_WRITE} and withdrawn_at is null"),
        # the columns that may change are granted one by one (municipalities/migrations): the withdrawal, nothing else
        Policy("update", f"{RELEASE_WRITE} and withdrawn_at is null", f"{TENANT} and withdrawn_at is not null"),
    ],
    "cooperation_plan": read_more(f"{TENANT} and {MEMBER}", f"{TENANT} and forum_id in {ids_of('plan_forums')}"),
    "published": [
        Policy("select", f"(({TENANT} or {PARENT}) and {MEMBER}) or {PUBLIC}", None),
        Policy("insert", None, f"{TENANT} and plan_id in (select id from plans_cooperationplan where forum_id in {ids_of('plan_forums')})"),
    ],
    "function_description": [
        # of a forum with person data only its members see when it meets, and so when a description was made
        Policy("select", f"{TENANT} and {MEMBER} and (forum_id in {OPEN_FORUM} or forum_id in {ids_of('agenda_forums')} or organisation_id in {LED_BY_ME})", None),
        Policy("insert", None, f"{TENANT} and forum_id in {ids_of('agenda_forums')}"),
        Policy("update", f"{TENANT} and (forum_id in {ids_of('agenda_forums')} or organisation_id in {LED_BY_ME})", TENANT),
    ],
    # several leaders: the persons named on the description. The organisation's leader, who is proposed, reads it
    "function_description_2": [
        Policy(
            "select", f"{TENANT} and {MEMBER} and (forum_id in {OPEN_FORUM} or forum_id in {ids_of('agenda_forums')} or organisation_id in {LED_BY_ME} or {LEADER})", None,
        ),
        Policy("insert", None, f"{TENANT} and forum_id in {ids_of('minutes_forums')}"),
        Policy("update", f"{TENANT} and {MEMBER} and (forum_id in {ids_of('minutes_forums')} or {LEADER})", TENANT),
    ],
    "function_record": write_once(f"{TENANT} and {MEMBER} and description_id in (select id from plans_functiondescription)"),
    # a leader writes his own yes or no in the round that runs, and nobody writes one for him or under his own text
    "function_step": [
        Policy("select", f"{TENANT} and {MEMBER} and description_id in (select id from plans_functiondescription)", None),
        Policy("insert", None, f"{TENANT} and {MEMBER} and by_id = {MINE} and {STEP_IN_FUNCTION}"),
    ],
    "catalogue": read_more(f"{TENANT} and {MEMBER}", f"{TENANT} and ({WRITES_PLANS} or {MANAGES})"),
    "call_request": [
        Policy("select", f"{TENANT} and (asker_id = {MINE} or holder_id = {MINE} or {EXPORT})", None),
        Policy("insert", None, f"{TENANT} and {MEMBER} and asker_id = {MINE}"),
        Policy("update", f"{TENANT} and holder_id = {MINE}", TENANT),
    ],
    "export_order": [
        Policy("select", f"{TENANT} and ({MANAGES} or {AUDITS} or {SYSTEM})", None),
        Policy("insert", None, f"{TENANT} and {MANAGES} and ordered_by_id = {MINE}"),
        Policy("update", f"{TENANT} and ({MANAGES} or {AUDITS} or {SYSTEM})", TENANT),
    ],
    "outbox": [
        Policy("select", f"{TENANT} and {SYSTEM}", None),
        Policy("insert", None, TENANT),
        Policy("update", f"{TENANT} and {SYSTEM}", TENANT),
        Policy("delete", f"{TENANT} and {SYSTEM}", None),
    ],
    # who has got which mail: each his own; an administrator asks figures.mails_of_tenant, which gives no subject and no address
    "outbox_2": [
        Policy("select", f"{TENANT} and ({SYSTEM} or (kind = 'mail' and recipient_id = {MINE}))", None),
        Policy("insert", None, TENANT),
        Policy("update", f"{TENANT} and {SYSTEM}", TENANT),
        Policy("delete", f"{TENANT} and {SYSTEM}", None),
    ],
    # chosen by each for himself; read when his mail is to leave
    "mail_choice": [
        Policy("select", f"{TENANT} and (user_id = {MINE} or {SYSTEM})", None),
        Policy("insert", None, f"{TENANT} and user_id = {MINE}"),
        Policy("update", f"{TENANT} and user_id = {MINE}", f"{TENANT} and user_id = {MINE}"),
    ],
    # what somebody has been told of already: written once, by a job that acts as himself
    "told_once": [
        Policy("select", f"{TENANT} and (user_id = {MINE} or {SYSTEM})", None),
        Policy("insert", None, f"{TENANT} and user_id = {MINE}"),
    ],
}
