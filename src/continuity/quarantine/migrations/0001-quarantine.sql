-- What people decided about operations that were set aside (sync_set_aside keeps the operation itself). This node's own: no buckets.
create table quarantine_settled (
  operation_id text primary key,
  settled timestamptz not null,
  by_reference text not null,
  by_name text not null,
  words text not null
);
