-- The main numbers of this node, a row a minute and process, kept for a week: the node's own, not spread (docs/scale-out.md).
create table operation_sample (
  at timestamptz not null,
  process text not null,
  -- By the names of numbers.ts; what could not be told is not there.
  numbers jsonb not null,
  primary key (at, process)
);
