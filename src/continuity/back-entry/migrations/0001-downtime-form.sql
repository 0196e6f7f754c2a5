-- Downtime forms: which numbers were given out, and what became of each sheet of paper. These tables are this node's own (docs/scale-out.md): a form is known where it
-- was issued, and what is entered from it travels as resources of the record.

-- Four letters that tell the ward on its forms.
create table downtime_ward (
  ward text primary key,
  mark text not null unique check (mark ~ '^[A-Z]{4}$')
);

-- The last number that a ward's forms have got on a day: raised in the transaction that issues them, so no number is given twice.
create table downtime_number (
  ward text not null references downtime_ward (ward),
  day text not null check (day ~ '^\d{6}$'),
  last int not null check (last between 1 and 9999),
  primary key (ward, day)
);

create table downtime_form (
  code text primary key check (code ~ '^[A-Z]{4}-\d{6}-\d{4}-\d{2}$'),
  ward text not null references downtime_ward (ward),
  kind text not null check (kind in ('vitals', 'doses', 'note', 'order', 'newPatient')),
  -- Whose name is printed on it; null for a blank one.
  patient text,
  state text not null check (state in ('issued', 'entered', 'verified', 'unused', 'lost')),
  issued timestamptz not null,
  -- When it first went to a printer, or out of the node's hands.
  printed timestamptz,
  -- Entered once: what stands on the paper, for whom, by whom. The ids of what it becomes in the record are given with it, so that recording it twice makes nothing twice.
  entry text,
  entry_patient text,
  entered_by text,
  entered timestamptz,
  resource_ids text[],
  recorded timestamptz,
  check ((state in ('entered', 'verified')) = (entry is not null)),
  check ((entry is null) = (entered_by is null) and (entry is null) = (entered is null) and (entry is null) = (resource_ids is null)),
  check ((entry is null) = (entry_patient is null)),
  check (recorded is null or state in ('entered', 'verified'))
);
create index downtime_form_open on downtime_form (ward, issued) where recorded is null and state in ('issued', 'entered', 'verified');

-- Who did what to a form, and when. Only ever added to.
create table downtime_form_event (
  code text not null references downtime_form (code),
  number int not null,
  what text not null check (what in ('issued', 'printed', 'entered', 'verified', 'rejected', 'recorded', 'unused', 'lost')),
  at timestamptz not null,
  by_reference text not null,
  by_name text not null,
  reason text,
  primary key (code, number)
);
-- In the record once, also where two requests cross.
create unique index downtime_form_recorded_once on downtime_form_event (code) where what = 'recorded';
