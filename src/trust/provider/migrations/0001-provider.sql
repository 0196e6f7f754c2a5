-- The embedded OpenID provider of a trial. These tables are the node's own (docs/scale-out.md): they are not spread, hold no health data,
-- and are empty where real issuers are set.

-- Sessions, grants, codes, refresh tokens, pushed requests, interactions, issued tokens, launch contexts, and what has been used up
-- (assertions and proofs). Expired rows are pruned.
create table provider_item (
  model text not null,
  -- Of what is a secret by itself (codes, refresh tokens, sessions), the SHA-256 of it.
  id text not null,
  payload jsonb not null,
  -- What a grant's end takes along.
  grant_id text,
  -- Another name of a session.
  uid text,
  consumed timestamptz,
  expires timestamptz not null,
  primary key (model, id)
);
create index provider_item_grant on provider_item (grant_id) where grant_id is not null;
create index provider_item_uid on provider_item (uid) where uid is not null;
create index provider_item_expires on provider_item (expires);

-- Applications and systems that an operator added with `fyr client add`.
create table oauth_client (
  id text primary key,
  -- What `fyr token --as` and consent pages call it.
  name text not null unique,
  -- helseid: PAR, DPoP and assertions of a minute, as HelseID demands. smart: SMART App Launch and Backend Services as written.
  profile text not null check (profile in ('helseid', 'smart')),
  scopes text[] not null,
  redirect_uris text[] not null default '{}',
  -- At most one of both; neither: a public client.
  jwks jsonb,
  jwks_uri text,
  -- The organisation number of the legal entity that it acts for; null: any (multi-tenant).
  organisation text,
  created timestamptz not null,
  check (jwks is null or jwks_uri is null)
);

-- Keys of the provider: made at first start, retired by rotation, deleted when nothing signed by them is valid any more.
create table provider_key (
  kid text primary key,
  purpose text not null check (purpose in ('signing', 'pages-client', 'cookies', 'dpop-nonce')),
  -- A private JWK (RFC 7517).
  jwk jsonb not null,
  created timestamptz not null,
  retired timestamptz
);
create unique index provider_key_current on provider_key (purpose) where retired is null;
