-- Entries of nodes below, copied here under their seals: the patient and the privacy officer see at the region what was done at a site that was cut off, and a site that
-- loses its log has it here. These tables are this node's own and are never spread over shards. Who acts lies in access_actor, with this node's own.
create table access_copy (
  node text not null,
  number bigint not null check (number > 0),
  at timestamptz not null,
  patient bigint,
  who bigint not null,
  actor uuid not null,
  action smallint not null,
  outcome smallint not null,
  content text not null,
  primary key (node, number)
);
create index access_copy_patient on access_copy (patient, at desc, number desc) where patient is not null;
create index access_copy_who on access_copy (who, at desc, number desc);
create index access_copy_refused on access_copy (at desc, number desc) where outcome <> 0;
create index access_copy_at on access_copy using brin (at) with (pages_per_range = 32, autosummarize = on);

-- How far each node's log has been copied: the last seal all of whose entries are here.
create table access_copied (
  node text primary key,
  seal bigint not null
);
