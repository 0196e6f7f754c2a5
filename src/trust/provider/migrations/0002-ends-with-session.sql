-- What was given in a session and ends with it is found by the session.
create index provider_item_session on provider_item ((payload ->> 'sessionUid')) where payload ->> 'sessionUid' is not null;
