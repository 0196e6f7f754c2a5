-- Which content the text was made of (its SHA-256, or the reference to its Binary): what only changed its status is not read again.
alter table document_text add column content text not null default '';
