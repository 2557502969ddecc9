"""The rules that the policies of row security are put together from: pieces of SQL about the row and the context.

Never edit one that a shipped kind is made of (`access.row_policies`): a migration does not freeze it. Add `RULE_2` beside `RULE`.
"""


def ids_of(key: str) -> str:
    """The ids that the context holds under a key, as a subquery."""
    # IN (select unnest()) is a hashed subplan evaluated once and leaves ordered indexes alone; `= any(array)` did not
    return f"(select unnest(ssp_ids('{key}')))"


TENANT = "tenant_id = (select ssp_id('tenant'))"
# the organisation is written by whoever may manage the tenant: a forgotten check in a view seats nobody
MANAGED = f"{TENANT} and 'manage_tenant' = any(ssp_words('tenant_verbs'))"
PARENT = "tenant_id = (select ssp_id('parent_tenant'))"
MEMBER = "(select ssp_flag('is_member'))"
SYSTEM = "(select ssp_flag('is_system'))"
KREDSRAAD = "(select id from municipalities_forum where kind = 'KREDSRAAD')"
OPEN_FORUM = "(select id from municipalities_forum where ceiling not in ('PERSON_115', 'PERSON_INFOHUS'))"
FORUM_CASES = f"{TENANT} and forum_id in {ids_of('case_forums')}"
MY_CASES = f"{TENANT} and (forum_id in {ids_of('case_forums')} or id in {ids_of('guest_cases')})"
CASES = "(select id from cases_case)"
OWN_FORUM_CASES = f"(select id from cases_case where forum_id in {ids_of('case_forums')})"  # a guest reads, and writes nothing
ITEMS = "(select id from meetings_agendaitem)"
SEATED_ITEM = f"{TENANT} and item_id in {ITEMS} and item_id not in {ids_of('guest_items')}"
TICKETS = "(select unnest(audit.ticket_subjects()))"
PERSON = f"{TENANT} and person_id in {TICKETS} and person_id in (select person_id from cases_case)"
PERSON_WRITE = f"{PERSON} and cardinality(ssp_ids('case_forums')) > 0"
PERSON_IN_CASE = f"{TENANT} and person_id in {TICKETS} and case_id in {CASES}"
PERSON_IN_CASE_WRITE = f"{TENANT} and person_id in {TICKETS} and case_id in {OWN_FORUM_CASES}"
ITEM_WRITE = (
    f"{TENANT} and ((data_class in ('PUBLIC', 'INTERNAL') and forum_id in {ids_of('agenda_forums')})"
    f" or (data_class = 'AGGREGATE' and forum_id in {ids_of('aggregate_forums')})"
    f" or (data_class = 'PERSON_115' and forum_id in {ids_of('case_forums')}))"
)
ITEM_READ = f"({ITEM_WRITE}) or ({TENANT} and data_class = 'PERSON_115' and id in {ids_of('guest_items')})"
# the most restrictive rule wins: who is recused (inhabil) from an item or a case has nothing of it, whatever seat he holds
NOT_RECUSED_ITEM = f"id not in {ids_of('recused_items')}"
NOT_RECUSED_CASE = f"id not in {ids_of('recused_cases')}"
MEETING_WRITE = f"{TENANT} and forum_id in {ids_of('agenda_forums')}"
MEETING_READ = (
    f"({MEETING_WRITE}) or ({TENANT} and id in {ids_of('guest_meetings')})"
    f" or ({TENANT} and {MEMBER} and forum_id in {OPEN_FORUM}) or ({PARENT} and forum_id in {KREDSRAAD})"
)
PLAN_WRITE = f"{TENANT} and (id in {ids_of('plans')} or forum_id in {ids_of('plan_forums')})"
EXPORT = "(select ssp_flag('is_export'))"
MINE = "(select ssp_id('user'))"
PUBLIC = "tenant_id = (select ssp_id('public_tenant'))"  # nobody logged in: `tenant` is empty then, so that no other rule shows anything
MANAGES = "'manage_tenant' = any(ssp_words('tenant_verbs'))"
AUDITS = "'view_audit' = any(ssp_words('tenant_verbs'))"
WRITES_PLANS = "cardinality(ssp_ids('plan_forums')) > 0"
# what a kommune shares with its politikreds: a plan by who writes or approves plans, dates by who calls the Lokalråd, figures by who may
# release them and only of a time that is over, so that nobody compares two readings of it
RELEASE_WRITE = (
    f"{TENANT} and ((kind = 'PLAN' and ({WRITES_PLANS} or cardinality(ssp_ids('plans')) > 0))"
    f" or (kind = 'DATES' and exists (select from municipalities_forum f where f.kind = 'LOKALRAAD' and f.id in {ids_of('convene_forums')}))"
    " or (kind = 'FIGURES' and cardinality(ssp_ids('release_forums')) > 0 and period_to < current_date))"
)
KOMMUNER_OF_KREDS = "(select id from municipalities_tenant where parent_id = (select ssp_id('tenant')))"
LED_BY_ME = f"(select id from municipalities_organisation where leader_id = {MINE})"
LEADER = f"{MINE} = any(leader_ids)"
# of a review of access: somebody sits in the forum now; {0} narrows it down
SITS_NOW = (
    "exists (select from municipalities_seat s where s.forum_id = municipalities_accessreview.forum_id and s.user_id is not null"
    " and s.valid_from <= statement_timestamp() and (s.valid_to is null or s.valid_to > statement_timestamp()){0})"
)
OTHER_SITS_NOW = SITS_NOW.format(f" and s.user_id <> {MINE}")
I_SIT_NOW = SITS_NOW.format(f" and s.user_id = {MINE}")
SIGNER_SITS_NOW = SITS_NOW.format(
    " and s.role in ('CHAIR', 'COORDINATOR') and exists (select from municipalities_seat o where o.forum_id = s.forum_id and o.user_id <> s.user_id"
    " and o.valid_from <= statement_timestamp() and (o.valid_to is null or o.valid_to > statement_timestamp()))"
)
STEP_IN_FUNCTION = f"""exists (select from plans_functiondescription d where d.id = description_id and d.round = plans_functionrecord.round and
  case when step in ('APPROVED', 'SENT_BACK') then d.status = 'AT_LEADER' and {MINE} = any(d.leader_ids) and d.author_id is distinct from {MINE}
       else d.forum_id in {ids_of("minutes_forums")} end)"""

# The same as `in (select id from …)`, asked row by row through the primary key: with 200,000 items the other form read
# them all to save one agreement. PostgreSQL itself chooses the hashed form when a page reads many rows.
ITEM_SEEN = "exists (select from meetings_agendaitem seen where seen.id = item_id)"
CASE_SEEN = "exists (select from cases_case seen where seen.id = case_id)"
CASE_OWN = f"exists (select from cases_case seen where seen.id = case_id and seen.forum_id in {ids_of('case_forums')})"
PLAN_SEEN = "exists (select from plans_plan seen where seen.id = plan_id)"
SEATED_ITEM_2 = f"{TENANT} and {ITEM_SEEN} and item_id not in {ids_of('guest_items')}"
PERSON_IN_CASE_2 = f"{TENANT} and person_id in {TICKETS} and {CASE_SEEN}"
PERSON_IN_CASE_WRITE_2 = f"{TENANT} and person_id in {TICKETS} and {CASE_OWN}"

FROM_ITEM_SEEN = "(from_item_id is null or exists (select from meetings_agendaitem seen where seen.id = from_item_id))"
TO_ITEM_SEEN = "(to_item_id is null or exists (select from meetings_agendaitem seen where seen.id = to_item_id))"
UNSENT = "('DRAFT', 'WAITS_FOR_SECOND')"
# said about minutes by those who were there, while they wait for approval
WAS_PRESENT = f"exists (select from meetings_attendance a where a.meeting_id = {{0}}.meeting_id and a.user_id = {MINE} and a.presence = 'PRESENT')"
WAITS_FOR_APPROVAL = "exists (select from meetings_meeting m where m.id = {0}.meeting_id and m.forum_id = {0}.forum_id and m.status = 'CLOSED')"
MAY_BE_PUBLIC = (
    "exists (select from meetings_meeting m join municipalities_forum f on f.id = m.forum_id where m.id = meeting_id"
    " and m.forum_id = meetings_publicminutes.forum_id and m.status = 'APPROVED' and f.minutes_are_public and f.ceiling not in ('PERSON_115', 'PERSON_INFOHUS'))"
)
MINUTES_SEEN = "exists (select from meetings_publicminutes seen where seen.id = minutes_id)"
NO_LONGER_APPROVED = "exists (select from meetings_meeting m where m.id = meeting_id and m.status <> 'APPROVED')"
OWN_BOOK = f"{TENANT} and ordered_by_id = {MINE} and forum_id in {ids_of('agenda_forums')}"
HANDOVER_READ = f"(data_class <> 'AGGREGATE' and {{0}}_forum_id in {ids_of('agenda_forums')}) or {{0}}_forum_id in {ids_of('aggregate_forums')}"
