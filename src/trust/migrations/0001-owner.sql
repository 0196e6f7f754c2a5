-- Whose work goes on after the request that asked for it (exports, subscriptions): the subject as it was then. What it may do is decided anew each time.
-- This node's own table: it is not spread.
create table work_owner (
  key text primary key,
  subject jsonb not null,
  updated timestamptz not null
);
