-- What the nodes below tell of themselves: how each is, last and over a week. The node's own, a row a node and a row a node and minute; not spread
-- (docs/scale-out.md).
create table node_report (
  node text primary key,
  -- When it was so, by this node's clock.
  at timestamptz not null,
  numbers jsonb not null,
  -- Its line to the node above it, as that one sees it; null: not told.
  is_connected boolean,
  heard timestamptz
);
create table node_report_sample (
  node text not null,
  at timestamptz not null,
  numbers jsonb not null,
  primary key (node, at)
);
create index node_report_sample_at on node_report_sample (at);
