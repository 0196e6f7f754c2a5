-- own: the places of this node and of those below it, by which it was last filled. A change elsewhere fills nothing anew.
alter table sync_places_read add column own text not null default '';
