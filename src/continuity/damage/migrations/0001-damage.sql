-- What of the record can not be read any more, or is not what was sealed.

-- The node's own. unreadable: PostgreSQL refuses its page, or the row is gone; else it reads, and is not what its seal says.
create table record_damage (
  bucket int not null,
  resource text not null,
  version_id text not null,
  seal text not null,
  is_unreadable boolean not null,
  found timestamptz not null,
  primary key (bucket, resource, version_id)
);

-- The node's own: one row, how far the record has been read through. lease: until then one process does it.
-- failures: checksum failures that PostgreSQL had counted when the last reading-through began.
create table record_scrub (
  one boolean primary key default true check (one),
  began timestamptz,
  finished timestamptz,
  after_bucket int not null default -1,
  after_resource text not null default '',
  after_version text not null default '',
  looked bigint not null default 0,
  healed bigint not null default 0,
  failures bigint not null default 0,
  lease timestamptz not null default '-infinity'
);
insert into record_scrub default values;
