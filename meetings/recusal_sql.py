"""A recusal follows its item: to what is put under it, and to the copy that is carried to a later meeting. Used by a migration.

In the database, so that it holds for every way an item comes to be. Never edit a text that has shipped: add a migration.
"""

FOLLOWS = """
create function ssp_item_recusal_follows() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into meetings_itemrecusal (tenant_id, item_id, meeting_id, forum_id, user_id, noted_by_id, noted_at)
    select distinct on (r.user_id) new.tenant_id, new.id, new.meeting_id, new.forum_id, r.user_id, r.noted_by_id, clock_timestamp()
    from meetings_itemrecusal r
    where r.tenant_id = new.tenant_id and r.item_id in (new.parent_id, new.carried_from_id)
      and not exists (select from meetings_itemrecusal k where k.item_id = new.id and k.user_id = r.user_id)
    order by r.user_id, r.noted_at;
  return null;
end $$;
create trigger recusal_follows after insert or update of parent_id, carried_from_id on meetings_agendaitem for each row
  when (new.parent_id is not null or new.carried_from_id is not null) execute function ssp_item_recusal_follows();
"""
STAYS = "drop trigger recusal_follows on meetings_agendaitem; drop function ssp_item_recusal_follows"
