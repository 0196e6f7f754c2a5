-- The record: one row a resource with its search values in it; every version ever, numbered without gaps within its bucket.
-- Rules for SQL that may one day run on many shards: docs/scale-out.md. The bucket is first in every key.

create table head (
  bucket int primary key,
  n bigint not null default 0
) with (fillfactor = 50);
insert into head (bucket) select generate_series(0, 1023);

-- Every version, append-only: history, vread and the change feed are reads of this table. content is null for a deletion,
-- and for a 'move': the resource went on in another patient's bucket.
create table version (
  n bigint not null,
  updated timestamptz not null,
  bucket int not null,
  version int not null,
  type text not null,
  id text not null,
  version_id text not null,
  interaction text not null check (interaction in ('create', 'update', 'delete', 'move')),
  content text,
  primary key (bucket, n),
  unique (bucket, type, id, version)
);
create index version_updated on version (updated);

-- The current version of each resource: where its content is (bucket, n), and what it is found by.
create table resource (
  n bigint not null,
  updated timestamptz not null,
  bucket int not null,
  version int not null,
  deleted boolean not null default false,
  type text not null,
  id text not null,
  patient text,
  tokens bigint[] not null,
  strings text[],
  range_keys int[],
  range_lows float8[],
  range_highs float8[],
  primary key (bucket, type, id)
);
create index resource_tokens on resource using gin (tokens) with (fastupdate = on, gin_pending_list_limit = 1024) where not deleted;
create index resource_type_id on resource (type, id) where not deleted;
create index resource_type_updated on resource (type, updated, id) where not deleted;

-- Where a resource is whose id does not tell its bucket (ids chosen by others, resources moved to another patient).
create table directory (
  type text not null,
  id text not null,
  bucket int not null,
  earlier int[] not null default '{}',
  primary key (id, type)
);

-- Refuses a write inside the one statement that writes: FY001 a version was not the one expected, FY002 a reference leads nowhere.
create function require_write(written bigint, expected bigint, dangling bigint) returns void language plpgsql as $$
begin
  if written <> expected then
    raise exception 'version' using errcode = 'FY001';
  end if;
  if dangling > 0 then
    raise exception 'reference' using errcode = 'FY002';
  end if;
end $$;
