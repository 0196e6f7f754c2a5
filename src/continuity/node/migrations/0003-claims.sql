-- What may happen once.

-- The node's own: resources that take something, or ask for it, by its key. Across patients: two may want one slot.
create table sync_claim (
  key text not null,
  resource text not null,
  primary key (key, resource)
);
create index sync_claim_resource on sync_claim (resource);

-- The node's own: keys that were taken by writes which may still be under way: one at a time, whatever the number of processes.
create table claim_reserved (
  key text primary key,
  resource text not null,
  reserved timestamptz not null
);
