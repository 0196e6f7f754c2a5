-- What checking tokens must remember. This node's own (never distributed): a few rows an issuer, and seconds' worth of proofs.

-- What an issuer last told of itself and its keys, so that a node which starts while the issuer is away can check what is still valid.
create table token_issuer (
  url text primary key,
  metadata jsonb not null,
  keys jsonb not null,
  fetched timestamptz not null
);

-- Proofs and assertions that were used, by a hash of who and jti, for as long as they could be used again. Shared by all processes of the node.
create table token_used (
  hash uuid primary key,
  until timestamptz not null
);
create index token_used_until on token_used (until);
