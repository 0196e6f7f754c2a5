-- When a person last signed out everywhere: what was given by a sign-in of before is taken no more. This node's own (never distributed), a row a person.
create table sign_in_ended (
  -- As in sign_in_session.
  person bytea primary key,
  at timestamptz not null
);
