-- The region's certificate authority: what it issued, what it revoked, who may enrol. A few rows, on the node that holds the authority's key; not spread
-- (docs/scale-out.md).
create table authority_certificate (
  -- Hexadecimal, as it stands in the certificate.
  serial text primary key check (serial ~ '^[0-9a-f]{2,40}$'),
  node text not null,
  -- Names and addresses that others reach the node at, besides its own name.
  hosts text[] not null,
  -- PEM.
  certificate text not null,
  issued timestamptz not null,
  not_after timestamptz not null,
  revoked timestamptz,
  -- A reason code of RFC 5280 §5.3.1.
  reason int,
  check ((revoked is null) = (reason is null))
);
create index authority_certificate_node on authority_certificate (node);

-- One-time codes that let a node enrol. Only the SHA-256 of the secret is kept.
create table authority_code (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  node text not null,
  hosts text[] not null,
  made timestamptz not null,
  expires timestamptz not null,
  used timestamptz
);

-- Revocation lists, the newest counts. Numbers only grow (RFC 5280 §5.2.3).
create table authority_crl (
  number bigint primary key,
  made timestamptz not null,
  next_update timestamptz not null,
  -- PEM.
  crl text not null
);
