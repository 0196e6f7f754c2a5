-- Backups that were made of this database, and restores: the node's own, a row each. Not spread (docs/scale-out.md).
create table backup_made (
  id text primary key,
  -- The instant that it holds.
  at timestamptz not null,
  finished timestamptz not null,
  folder text not null,
  rows bigint not null,
  bytes_written bigint not null,
  blobs bigint not null,
  blobs_damaged bigint not null,
  verified timestamptz
);
create index backup_made_at on backup_made (at);

-- Restores that this database came from, the newest last.
create table backup_restored (
  at timestamptz primary key,
  backup text not null,
  backup_at timestamptz not null
);
