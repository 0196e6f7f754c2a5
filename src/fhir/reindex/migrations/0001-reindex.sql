-- What the record is indexed by, and the filling of what is new. These tables are the coordinator's own (docs/scale-out.md).

-- The units (search/README.md) that every existing resource of the type is indexed by.
create table search_unit (
  type text not null,
  unit text not null,
  primary key (type, unit)
);

-- A walk through the record that indexes resources anew. At most one is unfinished: a later one takes its work over.
create table reindex_job (
  id text primary key,
  state text not null check (state in ('waiting', 'running', 'done', 'superseded')),
  types text[] not null,
  -- `Type|path|kind`, filled when the walk is done. None: an operator's wish.
  units text[] not null,
  -- Where the walk is: the bucket, and the last resource of it that was seen.
  bucket int not null default 0,
  after_type text not null default '',
  after_id text not null default '',
  -- The share of the record that has been walked, 0 to 1; resources seen; resources whose index changed.
  walked float8 not null default 0,
  seen bigint not null default 0,
  changed bigint not null default 0,
  created timestamptz not null,
  finished timestamptz
);
create unique index reindex_job_unfinished on reindex_job ((true)) where state in ('waiting', 'running');
