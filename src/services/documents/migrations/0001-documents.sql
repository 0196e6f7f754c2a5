-- What a document says, beside it: made from the record's documents and made again from them at any time. Written by the document service, read by search.

-- One row a document: the text of its version that is current. `pages` has, for each page in order, where in `text` it begins (in UTF-16 units,
-- as a browser counts them; the first is 0). `language` is nb, nn, en, or und where it could not be told. `source` says how the text was come by:
-- 'text' stood in the file, 'ocr' was read off pictures of pages, 'none' there is none to be had (and `problem` says why).
create table document_text (
  bucket int not null,
  document_id text not null,
  patient text not null,
  version text not null,
  language text not null default 'und',
  text text not null,
  pages int[] not null default '{0}',
  source text not null check (source in ('text', 'ocr', 'none')),
  -- Mean confidence of what was read off pictures, 0 to 100.
  confidence real,
  problem text,
  made_at timestamptz not null,
  primary key (bucket, document_id)
);
-- Search asks what came since it last looked.
create index document_text_made on document_text (made_at);

-- Documents whose pages are to be read off pictures, with how far that is.
create table document_reading (
  bucket int not null,
  document_id text not null,
  version text not null,
  state text not null check (state in ('waiting', 'reading', 'done', 'failed')),
  pages_total int,
  pages_done int not null default 0,
  problem text,
  changed_at timestamptz not null,
  primary key (bucket, document_id)
);

-- How far the feed has been followed in each bucket.
create table document_cursor (
  bucket int primary key,
  n bigint not null
);
