"""The policies of row security: for each kind of table, which rows a context reads and writes. `access.constraints` makes them.

Never edit the text of a kind that has shipped: a migration does not freeze it. Add `forum_2` beside `forum`.
`tests/rules/test_catalog.py` compares the policies in the database with this file.
"""

from access.case_row_policies import CASE_POLICIES
from access.row_policy import Policy, read_more, same, write_once
from access.row_rules import (
    AUDITS,
    EXPORT,
    FROM_ITEM_SEEN,
    HANDOVER_READ,
    I_SIT_NOW,
    ITEM_READ,
    ITEM_SEEN,
    ITEM_WRITE,
    ITEMS,
    KOMMUNER_OF_KREDS,
    KREDSRAAD,
    LEADER,
    LED_BY_ME,
    MANAGED,
    MANAGES,
    MAY_BE_PUBLIC,
    MEETING_READ,
    MEETING_WRITE,
    MEMBER,
    MINE,
    MINUTES_SEEN,
    NO_LONGER_APPROVED,
    NOT_RECUSED_ITEM,
    OPEN_FORUM,
    OTHER_SITS_NOW,
    OWN_BOOK,
    PARENT,
    PLAN_SEEN,
    PLAN_WRITE,
    PUBLIC,
    RELEASE_WRITE,
    SEATED_ITEM,
    SEATED_ITEM_2,
    SIGNER_SITS_NOW,
    STEP_IN_FUNCTION,
    SYSTEM,
    TENANT,
    TO_ITEM_SEEN,
    UNSENT,
    WAITS_FOR_APPROVAL,
    WAS_PRESENT,
    WRITES_PLANS,
    ids_of,
)

POLICIES: dict[str, list[Policy]] = {
    **CASE_POLICIES,
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
    "meeting": read_more(MEETING_READ, MEETING_WRITE),
    "agenda_item": read_more(ITEM_READ, ITEM_WRITE),
    "agenda_item_2": read_more(f"({ITEM_READ}) and {NOT_RECUSED_ITEM}", f"({ITEM_WRITE}) and {NOT_RECUSED_ITEM}"),
    "item_recusal": [
        Policy("select", f"{TENANT} and (item_id in {ITEMS} or user_id = (select ssp_id('user')))", None),
        Policy("insert", None, SEATED_ITEM),
        Policy("delete", SEATED_ITEM, None),
    ],
    # a standing agenda is configuration: the forum's own, and of whoever may manage the tenant; it holds no meeting's text
    "agenda_template": same(f"{TENANT} and (forum_id in {ids_of('agenda_forums')} or 'manage_tenant' = any(ssp_words('tenant_verbs')))"),
    "agenda_template_item": same(f"{TENANT} and template_id in (select id from meetings_agendatemplate)"),
    # read as before; written by who plans the forum's meetings and by who manages the tenant, and no longer by everybody who reads it
    "agenda_template_2": read_more(
        f"{TENANT} and (forum_id in {ids_of('agenda_forums')} or {MANAGES})", f"{TENANT} and (forum_id in {ids_of('convene_forums')} or {MANAGES})"
    ),
    "agenda_template_item_2": read_more(
        f"{TENANT} and template_id in (select id from meetings_agendatemplate)",
        f"{TENANT} and template_id in (select id from meetings_agendatemplate where forum_id in {ids_of('convene_forums')} or {MANAGES})",
    ),
    "agenda_forum": same(f"{TENANT} and forum_id in {ids_of('agenda_forums')}"),
    "item_child": read_more(f"{TENANT} and item_id in {ITEMS}", SEATED_ITEM),
    "item_record": [Policy("select", f"{TENANT} and item_id in {ITEMS}", None), Policy("insert", None, SEATED_ITEM)],
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
    "item_child_2": read_more(f"{TENANT} and {ITEM_SEEN}", SEATED_ITEM_2),
    "item_record_2": [Policy("select", f"{TENANT} and {ITEM_SEEN}", None), Policy("insert", None, SEATED_ITEM_2)],
    # of an agreement of the same item, else a row would name somebody under an item that the agreement is not of
    "agreement_party": [
        Policy("select", f"{TENANT} and {ITEM_SEEN}", None),
        Policy("insert", None,
            f"{SEATED_ITEM_2} and exists (select from meetings_agreement seen where seen.id = agreement_id and seen.item_id = meetings_agreementparty.item_id)",
        ),
    ],
    "agreement_step": [
        Policy("select", f"{TENANT} and {ITEM_SEEN}", None),
        Policy("insert", None,
            f"{SEATED_ITEM_2} and (author_id = {MINE} or {SYSTEM})"
            " and exists (select from meetings_agreement seen where seen.id = agreement_id and seen.item_id = meetings_agreementstep.item_id)",
        ),
    ],
    "item_recusal_2": [
        Policy("select", f"{TENANT} and ({ITEM_SEEN} or user_id = (select ssp_id('user')))", None),
        Policy("insert", None, SEATED_ITEM_2),
        Policy("delete", SEATED_ITEM_2, None),
    ],
    "plan_child_2": same(f"{TENANT} and {PLAN_SEEN}"),
    "plan_record_2": write_once(f"{TENANT} and {PLAN_SEEN}"),
    # a member's proposal is read with the agenda; once it is an item, by who sees the item
    "item_proposal": [
        Policy(
            "select",
            f"{TENANT} and forum_id in {ids_of('agenda_forums')} and (taken_to_id is null or exists (select from meetings_agendaitem seen where seen.id = taken_to_id))",
            None,
        ),
        Policy("insert", None, f"{TENANT} and forum_id in {ids_of('agenda_forums')} and proposed_by_id = {MINE} and status in ('WAITING', 'PARKED') and taken_to_id is null"),
        Policy("update", f"{TENANT} and forum_id in {ids_of('convene_forums')}", f"{TENANT} and forum_id in {ids_of('convene_forums')}"),
    ],
    "minutes_assent": [
        Policy("select", f"{TENANT} and forum_id in {ids_of('agenda_forums')}", None),
        Policy("insert", None,
            f"{TENANT} and user_id = {MINE} and forum_id in {ids_of('agenda_forums')}"
            f" and {WAS_PRESENT.format('meetings_minutesassent')} and {WAITS_FOR_APPROVAL.format('meetings_minutesassent')}",
        ),
    ],
    # read by those who were present and by who writes or approves the minutes, and of them by who has the item
    "minutes_comment": [
        Policy("select", f"{SEATED_ITEM_2} and (author_id = {MINE} or forum_id in {ids_of('minutes_forums')} or {EXPORT} or {WAS_PRESENT.format('meetings_minutescomment')})",
            None,
        ),
        Policy("insert", None,
            f"{TENANT} and author_id = {MINE} and forum_id in {ids_of('agenda_forums')} and item_id not in {ids_of('guest_items')}"
            " and exists (select from meetings_agendaitem seen where seen.id = item_id and seen.meeting_id = meetings_minutescomment.meeting_id"
            " and seen.data_class in ('PUBLIC', 'INTERNAL', 'AGGREGATE'))"
            f" and {WAS_PRESENT.format('meetings_minutescomment')} and {WAITS_FOR_APPROVAL.format('meetings_minutescomment')}",
        ),
    ],
    # approved minutes that somebody reopens, frozen while they still are approved; each item read by who reads the item itself
    "minutes_version": [
        Policy("select", f"{TENANT} and forum_id in {ids_of('agenda_forums')}", None),
        Policy(
            "insert",
            None,
            f"{TENANT} and reopened_by_id = {MINE} and forum_id in {ids_of('minutes_forums')}"
            " and exists (select from meetings_meeting m where m.id = meeting_id and m.forum_id = meetings_minutesversion.forum_id and m.status = 'APPROVED'"
            " and m.version = meetings_minutesversion.number and m.content_hash = meetings_minutesversion.content_hash)",
        ),
    ],
    # reopened by who may approve them: he need not be one who writes them
    "minutes_version_2": [
        Policy("select", f"{TENANT} and forum_id in {ids_of('agenda_forums')}", None),
        Policy("insert", None,
            f"{TENANT} and reopened_by_id = {MINE} and forum_id in {ids_of('approve_forums')}"
            " and exists (select from meetings_meeting m where m.id = meeting_id and m.forum_id = meetings_minutesversion.forum_id and m.status = 'APPROVED'"
            " and m.version = meetings_minutesversion.number and m.content_hash = meetings_minutesversion.content_hash)",
        ),
    ],
    "minutes_version_item": [
        Policy("select", SEATED_ITEM_2, None),
        Policy(
            "insert",
            None,
            f"{SEATED_ITEM_2} and exists (select from meetings_minutesversion v join meetings_meeting m on m.id = v.meeting_id"
            f" join meetings_agendaitem i on i.meeting_id = m.id where v.id = version_id and i.id = item_id and v.reopened_by_id = {MINE}"
            " and m.status = 'APPROVED' and m.version = v.number)",
        ),
    ],
    # read in the forum that sends it, and once sent in the one that gets it; in each by who may read its class, and not by who is kept out of its item
    "handover": [
        Policy(
            "select",
            f"{TENANT} and ((({HANDOVER_READ.format('from')}) and {FROM_ITEM_SEEN})"
            f" or (status not in {UNSENT} and ({HANDOVER_READ.format('to')}) and {TO_ITEM_SEEN}))",
            None,
        ),
        Policy("insert", None,
            f"{TENANT} and status = 'DRAFT' and asked_by_id = {MINE} and approved_by_id is null and from_forum_id in {ids_of('convene_forums')}"
            " and exists (select from municipalities_forum f where f.id = from_forum_id and f.kind <> 'INFOHUS' and is_theme = (f.ceiling = 'PERSON_115'))"
            " and (from_item_id is null or exists (select from meetings_agendaitem seen where seen.id = from_item_id and seen.forum_id = from_forum_id))",
        ),
        # who sends it writes until it is sent, a second member of a forum with person data approves it, who gets it answers
        Policy(
            "update",
            f"{TENANT} and ((status in {UNSENT} and from_forum_id in {ids_of('convene_forums')}) or (status = 'WAITS_FOR_SECOND' and from_forum_id in {ids_of('case_forums')})"
            f" or (status in ('SENT', 'TAKEN') and to_forum_id in {ids_of('convene_forums')}))",
            f"{TENANT} and ((from_forum_id in {ids_of('convene_forums')} and status in {UNSENT})"
            f" or (from_forum_id in {ids_of('convene_forums')} and status = 'SENT' and not is_theme)"
            f" or (from_forum_id in {ids_of('case_forums')} and (status = 'DRAFT' or (status = 'SENT' and is_theme and approved_by_id = {MINE})))"
            f" or (to_forum_id in {ids_of('convene_forums')} and status in ('TAKEN', 'ANSWERED', 'DECLINED')))",
        ),
        Policy("delete", f"{TENANT} and status in {UNSENT} and from_forum_id in {ids_of('convene_forums')}", None),
    ],
    # what the Kredsråd decided: published by who writes its minutes, read by every member of its kommuner; never changed or taken back
    "kreds_decision": [
        Policy("select", f"({TENANT} or {PARENT}) and {MEMBER}", None),
        Policy("insert", None,
            f"{TENANT} and published_by_id = {MINE} and forum_id in {ids_of('minutes_forums')}"
            " and exists (select from municipalities_forum f where f.id = forum_id and f.kind = 'KREDSRAAD')"
            " and exists (select from meetings_agendaitem seen where seen.id = item_id and seen.forum_id = meetings_kredsdecision.forum_id"
            " and seen.data_class in ('PUBLIC', 'INTERNAL') and seen.decision <> '')",
        ),
    ],
    "report": same(f"{TENANT} and (forum_id in {ids_of('report_forums')} or audience_id in {ids_of('report_forums')})"),
    "release": [
        Policy("select", f"{MEMBER} and ({TENANT} or (withdrawn_at is null and tenant_id in {KOMMUNER_OF_KREDS}))", None),
        Policy("insert", None, f"{RELEASE_WRITE} and withdrawn_at is null"),
        # the columns that may change are granted one by one (municipalities/migrations): the withdrawal, nothing else
        Policy("update", f"{RELEASE_WRITE} and withdrawn_at is null", f"{TENANT} and withdrawn_at is not null"),
    ],
    "cooperation_plan": read_more(f"{TENANT} and {MEMBER}", f"{TENANT} and forum_id in {ids_of('plan_forums')}"),
    # a copy of approved minutes' public items: for everybody with or without a login, of a forum whose minutes are public. Nobody changes it;
    # it is withdrawn by who writes the minutes, or by who closes the forum's minutes (meetings.public_minutes_sql)
    "public_minutes": [
        Policy("select", f"({TENANT} and {MEMBER}) or {PUBLIC}", None),
        Policy("insert", None, f"{TENANT} and published_by_id = {MINE} and forum_id in {ids_of('minutes_forums')} and {MAY_BE_PUBLIC}"),
        Policy("delete", f"({MANAGED}) or ({TENANT} and forum_id in {ids_of('minutes_forums')})", None),
    ],
    # a copy of minutes that are no longer approved is withdrawn by whoever opened them, also when he writes none
    "public_minutes_2": [
        Policy("select", f"({TENANT} and {MEMBER}) or {PUBLIC}", None),
        Policy("insert", None, f"{TENANT} and published_by_id = {MINE} and forum_id in {ids_of('minutes_forums')} and {MAY_BE_PUBLIC}"),
        Policy("delete", f"({MANAGED}) or ({TENANT} and (forum_id in {ids_of('minutes_forums')} or {NO_LONGER_APPROVED}))", None),
    ],
    # a file of a public item, with the minutes it belongs to: seen with them, and taken away with them by the database
    "public_attachment": [
        Policy("select", f"({TENANT} or {PUBLIC}) and {MINUTES_SEEN}", None),
        Policy("insert", None,
            f"{TENANT} and exists (select from meetings_publicminutes p join meetings_attachment a on a.meeting_id = p.meeting_id"
            f" join meetings_agendaitem i on i.id = a.item_id where p.id = minutes_id and p.published_by_id = {MINE} and p.forum_id in {ids_of('minutes_forums')}"
            " and a.file_key = meetings_publicattachment.file_key and a.sha256 = meetings_publicattachment.sha256 and i.data_class = 'PUBLIC' and not i.is_withdrawn)",
        ),
        Policy("delete",
            f"({TENANT}) and exists (select from meetings_publicminutes p where p.id = minutes_id"
            f" and (({MANAGES}) or p.forum_id in {ids_of('minutes_forums')} or exists (select from meetings_meeting m where m.id = p.meeting_id and m.status <> 'APPROVED')))",
            None,
        ),
    ],
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
    # one reader's own copy of a meeting: for himself alone, and only while he sits in the forum; the system takes it away when its time is over
    "own_book": [
        Policy("select", f"({OWN_BOOK}) or ({TENANT} and {SYSTEM})", None),
        Policy("insert", None,
            f"{OWN_BOOK} and exists (select from meetings_meeting m where m.id = meeting_id and m.forum_id = meetings_meetingbook.forum_id)",
        ),
        Policy("update", f"({OWN_BOOK}) or ({TENANT} and {SYSTEM})", OWN_BOOK),  # the system locks it to take it away, and changes nothing
        Policy("delete", f"({OWN_BOOK}) or ({TENANT} and {SYSTEM})", None),
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
