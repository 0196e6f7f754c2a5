-- The registers' derived tables: made from the record's feed and made again from it at any time, except the protected addresses,
-- which are nowhere else. Their rows are put by one follower at a time (register_follower is its lock).

-- How far the feed has been followed in each bucket.
create table register_cursor (
  bucket int primary key,
  n bigint not null
);

-- One row: the follower's lock, and the last number of each stream of events. The node's own: it is about this database's feed.
create table register_follower (
  one boolean primary key default true check (one),
  open_number bigint not null default 0,
  protected_number bigint not null default 0
);
insert into register_follower default values;

-- Who a number belongs to, now and earlier. The bucket is that of the number's own text, so that a look-up asks one shard;
-- holder_bucket is where the holder lies. valid_to: the date from which the number was no longer in use.
create table register_identifier (
  bucket int not null,
  system text not null,
  value text not null,
  type text not null,
  id text not null,
  holder_bucket int not null,
  valid_from text check (valid_from ~ '^\d{4}(-\d\d){0,2}$'),
  valid_to text check (valid_to ~ '^\d{4}(-\d\d){0,2}$'),
  primary key (bucket, system, value, type, id)
);

-- A person as $match sees him: keys under which he is a candidate, features by which he is scored (JSON, see match/features.ts),
-- and the identifiers that stand in register_identifier for him, so that those can be taken away without asking every shard.
create table register_person (
  bucket int not null,
  id text not null,
  keys bigint[] not null,
  features text not null,
  identifiers text[] not null,
  primary key (bucket, id)
);
create index register_person_keys on register_person using gin (keys) with (fastupdate = on, gin_pending_list_limit = 4096);

-- Identifiers of what is not a person, as above; few rows.
create table register_holder (
  bucket int not null,
  type text not null,
  id text not null,
  identifiers text[] not null,
  primary key (bucket, type, id)
);

-- What happened to persons, numbered without gaps in each stream by the follower. The node's own, in one order for all who read it.
-- stream: what is told of protected addresses stands apart, so that who may not know of them sees no gap either.
create table register_event (
  stream text not null check (stream in ('open', 'protected')),
  number bigint not null,
  bucket int not null,
  person text not null,
  kind text not null,
  occurred text not null,
  detail text,
  recorded timestamptz not null,
  primary key (stream, number)
);

-- Protected addresses and their history. Not derived: an address that is here is in no resource. grade 'unclassified' ends a protection.
-- settled: the Patient and its history have been cleared of addresses; what a killed node left unsettled is settled at the next start.
create table register_protected_address (
  bucket int not null,
  person text not null,
  version int not null,
  grade text not null check (grade in ('unclassified', 'client', 'confidential', 'strictlyConfidential')),
  address text,
  since text,
  recorded timestamptz not null,
  settled boolean not null default false,
  primary key (bucket, person, version),
  check (address is null or grade <> 'unclassified')
);
create index register_protected_address_unsettled on register_protected_address (bucket, person) where not settled;

-- Organisations as a tree, parties and endpoints: some hundred thousand rows in a nation, joined to each other, hence reference tables
-- (whole on every shard) and without a bucket.
create table register_organisation (
  id text primary key,
  parent text,
  name text not null,
  words text not null,
  active boolean not null,
  kinds text[] not null,
  municipality text
);
create index register_organisation_parent on register_organisation (parent);

-- Communication parties of level 2: whatever has a HER-id. services: `list#code` of what it is and offers.
create table register_party (
  type text not null,
  id text not null,
  her_id text not null,
  organisation text,
  name text not null,
  active boolean not null,
  services text[] not null,
  endpoints text[] not null,
  primary key (type, id)
);
create index register_party_organisation on register_party (organisation);
create index register_party_her_id on register_party (her_id);

-- What an endpoint takes (`REQ_LAB 1.5`), and from when to when it and its certificates hold (dates, the last day included).
create table register_endpoint (
  id text primary key,
  active boolean not null,
  messages text[] not null,
  address text not null,
  valid_from text,
  valid_to text,
  certificates text not null
);
