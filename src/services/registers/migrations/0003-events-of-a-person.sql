-- When a person's address becomes protected, what his earlier events told of municipalities goes too.
create index register_event_person on register_event (person);
