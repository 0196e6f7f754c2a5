-- What looks unusual in the access log, and each person's habit that it is held against. Both are derived from the log and made again from it at any
-- time, by day; they are this node's own and are never spread over shards.

-- What somebody did on a day (in Norway) in one unit and profession: patients whose records were opened, and entries.
create table access_habit (
  day date not null,
  who text not null,
  unit text not null,
  authorisation text not null,
  patients int not null,
  entries int not null,
  primary key (day, who)
);
create index access_habit_peers on access_habit (unit, authorisation, day);
create index access_habit_who on access_habit (who, day);

-- One person's accesses to one patient's record on one day, with the reasons that make them worth a look. patient is '' for what is about the whole day.
create table access_finding (
  day date not null,
  who text not null,
  patient text not null,
  name text not null,
  score int not null,
  -- [{rule, weight, detail}]: unusual/rules.ts.
  reasons jsonb not null,
  rules text[] not null,
  entries int not null,
  -- The newest entry and its time.
  number bigint not null,
  at timestamptz not null,
  found timestamptz not null,
  primary key (day, who, patient)
);
create index access_finding_order on access_finding (day desc, score desc, who, patient);
