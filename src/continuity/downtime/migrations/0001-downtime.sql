-- Downtimes that were proposed, declared and ended at this node: a few rows, the node's own (docs/scale-out.md). What a downtime is now, with its whole
-- history, is in `content` (rules.ts); the columns are what it is found by.
create table downtime (
  id text primary key,
  state text not null check (state in ('proposed', 'declared', 'reconciling', 'ended', 'dismissed')),
  -- When the trouble began, as far as known.
  began timestamptz not null,
  -- Raised by each change: two people who press at once don't overwrite each other.
  revision int not null,
  content jsonb not null
);
create index downtime_began on downtime (began desc);
-- One at a time: a second trouble is told in the history of the first.
create unique index downtime_open on downtime ((true)) where state in ('proposed', 'declared', 'reconciling');
