-- Certificates of endpoints, and what their issuers' revocation lists (CRL) say of them. As the tables of parties: some hundred thousand rows in a nation,
-- without a bucket (a reference table). "unknown" until a list has been had and its signature checked; "why" says what stood in the way.
create table register_certificate (
  thumbprint text primary key,
  certificate bytea not null,
  state text not null default 'unknown' check (state in ('good', 'revoked', 'unknown')),
  why text not null default 'has not been checked yet',
  revoked_on text,
  checked timestamptz,
  check_again timestamptz not null default '-infinity'
);
create index register_certificate_check_again on register_certificate (check_again);
