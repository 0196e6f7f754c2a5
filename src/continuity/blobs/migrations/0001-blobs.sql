-- What this node knows of its blobs: whose they are, by what address others know them, where else there are copies, and when they were last read through.
-- The node's own (docs/scale-out.md): files and keys are.
create table blob (
  -- The file's name below the blob folder: the same in the second folder.
  file text primary key,
  -- `Patient/id` without the type; null for what belongs to no patient.
  patient text,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  kept timestamptz not null,
  -- Where else it is, by others' word or our own reading: 'copy' (the second folder), names of nodes.
  copies text[] not null default '{}',
  -- damaged: what was here is in quarantine, and nobody had another copy.
  state text not null default 'good' check (state in ('good', 'damaged')),
  checked timestamptz
);
create index blob_single on blob (kept) where copies = '{}';
create index blob_damaged on blob (file) where state = 'damaged';

-- How far the reading-through has come: one row. leased_until: a process of the node works on it.
create table blob_scrub (
  one boolean primary key default true check (one),
  after text not null default '',
  began timestamptz,
  finished timestamptz,
  leased_until timestamptz,
  read bigint not null default 0,
  healed bigint not null default 0,
  quarantined bigint not null default 0,
  unknown bigint not null default 0
);
insert into blob_scrub default values;
