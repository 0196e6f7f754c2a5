-- The access log of this node: every table here is the node's own and is never spread over shards. Entries are appended and read; nothing here
-- updates or deletes one, apart from `fyr log prune`, which leaves a sealed record of what it took away. README.md tells how it is sealed.

-- One row: the last number given. Its row lock is held until a group has committed, so numbers are dense and in the order of commits,
-- also when several processes of the node write to one database.
create table access_head (
  one boolean primary key default true check (one),
  number bigint not null default 0 check (number >= 0)
);
insert into access_head default values;

-- Who acts, with role and application: said once, since a person makes thousands of entries. key: the first 128 bits of the SHA-256 of the
-- content, whose whole hash stands in the content of each entry, so that an altered actor shows.
create table access_actor (
  key uuid primary key,
  -- Hash of the reference (canonical.ts): the same person in several roles and applications has one.
  who bigint not null,
  -- Ids of the legal entity, the place of care and the department.
  organisations text[] not null,
  content text not null
);
create index access_actor_who on access_actor (who);
create index access_actor_organisations on access_actor using gin (organisations);

-- What is sealed is the number and the content. The other columns are there to find it by; they are derived from the content, and
-- `fyr log verify` compares them with it.
create table access_entry (
  number bigint not null check (number > 0),
  -- The node's clock when it happened.
  at timestamptz not null,
  -- Hash of the patient's id (canonical.ts), null where no patient is concerned.
  patient bigint,
  who bigint not null,
  actor uuid not null,
  -- Positions in the lists of canonical.ts.
  action smallint not null,
  outcome smallint not null,
  content text not null,
  primary key (number, at)
) partition by range (at);
-- The patient's page, a person's accesses, what was refused or done in an emergency, and what happened in a period.
create index access_entry_patient on access_entry (patient, at desc, number desc) where patient is not null;
create index access_entry_who on access_entry (who, at desc, number desc);
create index access_entry_refused on access_entry (at desc, number desc) where outcome <> 0;
create index access_entry_at on access_entry using brin (at) with (pages_per_range = 32, autosummarize = on);

-- A month a partition, made ahead by the program; what a strange clock sends elsewhere is kept here.
create table access_entry_other partition of access_entry default;

-- A seal covers the entries from `first` to `last`: Merkle root (RFC 9162), chained by the hash of the seal before, signed with the node's key.
create table access_seal (
  number bigint primary key check (number > 0),
  first bigint not null,
  last bigint not null check (last >= first),
  -- The least and the greatest time of its entries, and when it was sealed.
  since timestamptz not null,
  until timestamptz not null,
  sealed timestamptz not null,
  root bytea not null check (length(root) = 32),
  previous bytea not null check (length(previous) = 32),
  -- Fingerprint of the key: SHA-256 of its SubjectPublicKeyInfo.
  key bytea not null check (length(key) = 32),
  signature bytea not null,
  -- The hashes of its entries, 32 bytes each, in order: where the root does not fit, they tell which entry it is.
  leaves bytea not null
);
alter table access_seal alter column leaves set storage external;
create index access_seal_until on access_seal (until);

-- The keys that have sealed here. A key after the first carries the word of the one before: its signature over the new key's fingerprint and
-- the first seal that it is for. No word: the earlier key was lost, and verification says so.
create table access_key (
  number int primary key check (number > 0),
  fingerprint bytea not null unique check (length(fingerprint) = 32),
  public_key text not null,
  first_seal bigint not null,
  since timestamptz not null,
  word bytea
);

-- What was taken away when its time was over: all entries up to `last`, sealed until `seal`, whose hash the chain goes on from. `record` is the
-- number of the entry that says the same, and is sealed itself.
create table access_pruned (
  number int primary key check (number > 0),
  last bigint not null,
  seal bigint not null,
  seal_hash bytea not null check (length(seal_hash) = 32),
  at timestamptz not null,
  record bigint not null
);

-- Seals of neighbours, kept for them, without the hashes of their entries: who cuts off the end of their log, seals and all, is found by these.
create table access_neighbour_key (
  node text not null,
  number int not null,
  fingerprint bytea not null,
  public_key text not null,
  first_seal bigint not null,
  since timestamptz not null,
  word bytea,
  primary key (node, number)
);
create table access_neighbour_seal (
  node text not null,
  number bigint not null,
  first bigint not null,
  last bigint not null,
  since timestamptz not null,
  until timestamptz not null,
  sealed timestamptz not null,
  root bytea not null,
  previous bytea not null,
  key bytea not null,
  signature bytea not null,
  received timestamptz not null,
  primary key (node, number)
);
