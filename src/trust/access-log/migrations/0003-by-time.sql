-- What happened in a period, newest first, whoever it concerned: the summary index of 0001 finds a period, but not its order.
drop index access_entry_at;
create index access_entry_at on access_entry (at desc, number desc);
