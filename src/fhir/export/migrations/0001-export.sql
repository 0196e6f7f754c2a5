-- Bulk exports: a row an export, kept until it expires or is cancelled; its files are in the node's data folder. These tables are the
-- coordinator's own (docs/scale-out.md): they are not spread.

create table export_job (
  id text primary key,
  state text not null check (state in ('waiting', 'running', 'done', 'failed')),
  -- What was asked, checked and complete: export/request.ts.
  request jsonb not null,
  created timestamptz not null,
  transaction_time timestamptz not null,
  -- The cut: bucket b's last number at kick-off stands at b + 1.
  heads bigint[] not null,
  -- The same of the export whose transaction time `_since` names; null where `_since` is any other instant, or absent.
  since_heads bigint[],
  -- The node that has the files.
  node text,
  next_bucket int not null default 0,
  -- Resources written so far, and the share of the record that has been walked, 0 to 1.
  resources bigint not null default 0,
  walked float8 not null default 0,
  files jsonb not null default '[]',
  failures int not null default 0,
  -- { status, issue } of a failed one.
  failure jsonb,
  finished timestamptz
);

-- The cuts of earlier exports: a later `_since` that names one is answered by numbers, not by clocks, so that it misses nothing.
create table export_mark (
  transaction_time timestamptz not null,
  heads bigint[] not null
);
create index export_mark_time on export_mark (transaction_time);
