-- Subscriptions: how far the change feed has been read for them, what each was told and is still to be told.
-- Local to the coordinator (never distributed): small, keyed by subscription, and written by one reader at a time.

-- One row, 'feed': the cursor as an object bucket -> n. Its row lock makes one node at a time read for all subscriptions.
create table subscription_cursor (
  name text primary key,
  -- null until the first subscription begins
  heads jsonb
);

create table subscription_state (
  id text primary key,
  -- The version of the Subscription that this state has taken in, and its content.
  version_id text not null,
  content text not null,
  channel text not null check (channel in ('rest-hook', 'websocket')),
  status text not null check (status in ('requested', 'active', 'error', 'off')),
  -- Where the feed stood when the subscription began: what lies before is not for it.
  start jsonb not null,
  last_number bigint not null default 0,
  delivered_number bigint not null default 0,
  failures int not null default 0,
  failing_since timestamptz,
  next_attempt timestamptz not null,
  last_contact timestamptz,
  error text,
  -- A node that delivers holds the subscription until then; one that dies lets go of it by itself.
  leased_until timestamptz
);

-- One row an event, numbered from 1 without gaps within its subscription. What it is about is read from the record.
create table subscription_event (
  subscription text not null references subscription_state (id) on delete cascade,
  number bigint not null,
  bucket int not null,
  n bigint not null,
  type text not null,
  resource_id text not null,
  version_id text not null,
  interaction text not null check (interaction in ('create', 'update', 'delete')),
  occurred timestamptz not null,
  primary key (subscription, number)
);

create table subscription_token (
  token text primary key,
  subscriptions text[] not null,
  expires timestamptz not null
);
