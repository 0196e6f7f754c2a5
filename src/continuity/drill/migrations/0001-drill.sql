-- Drills that were run at this node: a few rows, the node's own (docs/scale-out.md). What a drill is now, with its whole history and what was gathered, is in
-- `content` (rules.ts); the columns are what it is found by.
create table drill (
  id text primary key,
  state text not null check (state in ('asked', 'running', 'recovering', 'ended', 'refused')),
  began timestamptz not null,
  -- Raised by each change: two processes that look at once do not overwrite each other.
  revision int not null,
  content jsonb not null
);
create index drill_began on drill (began desc);
-- One at a time.
create unique index drill_open on drill ((true)) where state in ('asked', 'running', 'recovering');
