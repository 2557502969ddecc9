"""The policies of row security of the tables about meetings: who sits in the forum, and under which class an item stands.

Part of `access.row_policies`, where it says what holds of them all: never edit the text of a kind that has shipped.
"""

from access.row_policy import Policy, read_more, same
from access.row_rules import (
    EXPORT,
    FROM_ITEM_SEEN,
    HANDOVER_READ,
    ITEM_READ,
    ITEM_SEEN,
    ITEM_WRITE,
    ITEMS,
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
    OWN_BOOK,
    PARENT,
    PUBLIC,
    SEATED_ITEM,
    SEATED_ITEM_2,
    SYSTEM,
    TENANT,
    TO_ITEM_SEEN,
    UNSENT,
    WAITS_FOR_APPROVAL,
    WAS_PRESENT,
    ids_of,
)

MEETING_POLICIES: dict[str, list[Policy]] = {
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
    "item_child_2": read_more(f"{TENANT} and {ITEM_SEEN}", SEATED_ITEM_2),
    "item_record_2": [Policy("select", f"{TENANT} and {ITEM_SEEN}", None), Policy("insert", None, SEATED_ITEM_2)],
    # of an agreement of the same item, else a row would name somebody under an item that the agreement is not of
    "agreement_party": [
        Policy("select", f"{TENANT} and {ITEM_SEEN}", None),
        Policy("insert", None,
            f"{SEATED_ITEM_2} and exists (select from meetings_agreement seen where seen.id = agreement_id and seen.item_id = meetings_agreementparty.item_id)",
        ),
    ],
    # who it was agreed with is put right while the minutes are open, and never after: not of a later round, nor once they are approved
    "agreement_party_2": [
        Policy("select", f"{TENANT} and {ITEM_SEEN}", None),
        Policy("insert", None,
            f"{SEATED_ITEM_2} and exists (select from meetings_agreement seen where seen.id = agreement_id and seen.item_id = meetings_agreementparty.item_id)",
        ),
        Policy("delete",
            f"{SEATED_ITEM_2} and exists (select from meetings_agreement seen join meetings_meeting m on m.id = seen.meeting_id"
            f" where seen.id = agreement_id and seen.round = 1 and m.status in ('CALLED', 'CLOSED') and m.forum_id in {ids_of('minutes_forums')})", None,
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
    # one reader's own copy of a meeting: for himself alone, and only while he sits in the forum; the system takes it away when its time is over
    "own_book": [
        Policy("select", f"({OWN_BOOK}) or ({TENANT} and {SYSTEM})", None),
        Policy("insert", None,
            f"{OWN_BOOK} and exists (select from meetings_meeting m where m.id = meeting_id and m.forum_id = meetings_meetingbook.forum_id)",
        ),
        Policy("update", f"({OWN_BOOK}) or ({TENANT} and {SYSTEM})", OWN_BOOK),  # the system locks it to take it away, and changes nothing
        Policy("delete", f"({OWN_BOOK}) or ({TENANT} and {SYSTEM})", None),
    ],
}
