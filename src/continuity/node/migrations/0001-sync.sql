-- What the sync rules know of each version at this node, and of the lines to the nodes above and below. By bucket where it is about the record.

-- Every version known here: what its author saw, its seal, how and when it came. holds: where its content lies. 'record': version (bucket, n);
-- 'here': content, since it is kept beside the current version; 'deletion': there is none; 'nothing': only its place in the graph is known.
create table sync_version (
  bucket int not null,
  resource text not null,
  version_id text not null,
  patient text,
  parents text[] not null,
  parent_seals text[] not null,
  seal text not null,
  at float8 not null,
  holds text not null check (holds in ('record', 'here', 'deletion', 'nothing')),
  n bigint check ((n is not null) = (holds = 'record')),
  content text check ((content is not null) = (holds = 'here')),
  came text not null check (came in ('here', 'above', 'below')),
  arrived timestamptz not null,
  primary key (bucket, resource, version_id)
);

-- Which version is current, by the sync rules; the record's own row says the same when the transaction ends.
create table sync_tip (
  bucket int not null,
  resource text not null,
  patient text,
  tip text not null,
  primary key (bucket, resource)
);
create index sync_tip_patient on sync_tip (bucket, patient);

-- Resources that say which nodes hold a patient.
create table sync_reason (
  bucket int not null,
  patient text not null,
  resource text not null,
  primary key (bucket, patient, resource)
);

-- This node's feed for those below: numbered without gaps in each bucket, in the order of commits.
create table sync_feed (
  bucket int not null,
  n bigint not null,
  resource text not null,
  version_id text not null,
  tip text not null,
  gains text[] not null,
  losses text[] not null,
  primary key (bucket, n)
);

-- The last number of the feed; sealed: up to where the record's own versions (head, version) have been taken into it.
create table sync_head (
  bucket int primary key,
  n bigint not null default 0,
  sealed bigint not null default 0
) with (fillfactor = 50);
insert into sync_head (bucket) select generate_series(0, 1023);

-- The node's own: one row, and the lock under which all of the above changes. epoch: the line of this node's history; life: which life of the node this is.
-- upstream_epoch, confirmed, tried: the line to the node above.
create table sync_line (
  one boolean primary key default true check (one),
  epoch text not null,
  life int not null default 1,
  heard float8 not null default 0,
  upstream_epoch text,
  confirmed text not null default '',
  tried text[] not null default '{}'
);

-- The node's own: how far upstream's feed has been read, in the transaction that took in what was read.
create table sync_cursor (
  bucket int primary key,
  n bigint not null
);

-- The node's own: units (a patient, or '#' and a bucket) that it has or is to have, and whether it has them whole. since: node time, milliseconds.
create table sync_holding (
  unit text primary key,
  state text not null check (state in ('filling', 'whole', 'leaving')),
  since float8 not null,
  after text,
  as_of bigint,
  is_stuck boolean not null default false
);

-- The node's own: nodes below, by the token that each showed last.
create table sync_child (
  child text primary key,
  token text not null,
  life int not null
);

-- The node's own: operations for the node above, in order, kept after they were taken so that a restored upstream is refilled.
create table sync_outbox (
  position bigint primary key,
  operation_id text not null unique,
  state text not null check (state in ('waiting', 'taken', 'setAside')),
  with_ancestry boolean not null default false,
  patients text[] not null,
  operation text not null,
  changed timestamptz not null
);
create index sync_outbox_waiting on sync_outbox (position) where state = 'waiting';

-- The node's own: what was answered to operations from below.
create table sync_verdict (
  operation_id text primary key,
  verdict text not null,
  decided timestamptz not null
);

-- The node's own: operations that could not be taken. They wait for an upgrade or for a person, and hold up nobody.
create table sync_set_aside (
  operation_id text primary key,
  why text not null,
  waits_for text,
  patients text[] not null,
  operation text not null,
  set_aside timestamptz not null
);
