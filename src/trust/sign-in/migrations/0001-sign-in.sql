-- Signing in to the pages. This node's own (never distributed): small, keyed by secrets' hashes, shared by the node's processes.

create table sign_in_session (
  -- Names it in the access log.
  id uuid primary key,
  -- SHA-256 of the secret in the cookie. The one before is taken until the browser has shown the new one.
  secret bytea not null unique,
  earlier bytea,
  rotated timestamptz not null,
  is_confirmed boolean not null,
  -- What a page sends back with each change, so that no other site can make one.
  csrf text not null,
  -- SHA-256 of the identity number: what "sign out everywhere" goes by.
  person bytea not null,
  issuer text not null,
  subject text not null,
  -- The issuer's name of its own session (sid), and the ID token that it wants to see at sign-out.
  issuer_session text,
  id_token text,
  identity jsonb not null,
  practitioner_role text,
  started timestamptz not null,
  seen timestamptz not null,
  ends timestamptz not null,
  -- By a key of this node while the issuer could not be reached.
  is_offline boolean not null
);
create index sign_in_session_earlier on sign_in_session (earlier) where earlier is not null;
create index sign_in_session_person on sign_in_session (person);
create index sign_in_session_subject on sign_in_session (issuer, subject);
create index sign_in_session_ends on sign_in_session (ends);

-- Sign-ins that have begun at an issuer. Each is used once.
create table sign_in_attempt (
  -- SHA-256 of the secret in the cookie of the browser that began it.
  secret bytea primary key,
  issuer text not null,
  state text not null,
  nonce text not null,
  verifier text not null,
  return_to text not null,
  ends timestamptz not null
);
create index sign_in_attempt_ends on sign_in_attempt (ends);

-- Who has signed in here with the issuer's word, and what it said then: all that a key of this node gives while the issuer is away.
create table sign_in_person (
  person bytea not null,
  issuer text not null,
  identity jsonb not null,
  connected timestamptz not null,
  primary key (person, issuer)
);

-- WebAuthn keys, enrolled while the issuer could be reached.
create table sign_in_key (
  credential bytea primary key,
  person bytea not null,
  issuer text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  enrolled timestamptz not null,
  used timestamptz,
  foreign key (person, issuer) references sign_in_person (person, issuer) on delete cascade
);
create index sign_in_key_person on sign_in_key (person, issuer);

-- Challenges that were handed out. Each is used once.
create table sign_in_challenge (
  challenge bytea primary key,
  -- The session that enrols; null for signing in.
  session uuid,
  ends timestamptz not null
);
create index sign_in_challenge_ends on sign_in_challenge (ends);

-- Failed sign-ins, by address and by credential.
create table sign_in_failure (
  subject text primary key,
  failures int not null,
  since timestamptz not null,
  locked_until timestamptz,
  -- How often it was locked: each time longer.
  locks int not null default 0
);
create index sign_in_failure_since on sign_in_failure (since);
