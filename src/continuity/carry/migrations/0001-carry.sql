-- Files that were carried here on a stick and taken in whole: a few rows, the node's own (docs/scale-out.md). A file that comes again says when it came first.
create table carried (
  id text primary key,
  sender text not null,
  kind text not null check (kind in ('ask', 'answer')),
  made timestamptz not null,
  taken_in timestamptz not null,
  -- How many messages were in it.
  messages int not null
);
