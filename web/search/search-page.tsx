/** One box over a patient's record, or over all records that one reaches: passages with what was found marked, and why. The question stands in the address. */
import { BodyLong, Button, Pagination, Search, Select, Tag } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { Facet, Hit, SearchAnswer } from '#services/clinical-search/contract.ts';
import { useWritten } from '../text/written.ts';
import { useAddress } from '../ui/use-address.ts';
import { Loaded } from '../ui/loaded.tsx';
import { markedPieces, placeOf } from './marked.ts';
import { filters, searchQuery, type Filter } from './queries.ts';
import './search.css';

type Say = (...said: (readonly [Filter, string])[]) => void;
type Address = ReturnType<typeof useAddress>;

export function Component() {
  const { t } = useTranslation('search');
  const { patient } = useParams();
  const [address, change] = useAddress();
  const query = useQuery(searchQuery(patient, address));
  const isAsked = (address.get('q') ?? '').trim().length > 1;
  return (
    <section className="fyr-stack" aria-labelledby="search-title">
      {patient === undefined && <title>{t('title-all')}</title>}
      <h1 id="search-title" className="fyr-search-title">
        {t(patient === undefined ? 'title-all' : 'title')}
      </h1>
      <Box asked={address.get('q') ?? ''} change={change} />
      {isAsked ? (
        <Loaded query={query}>{(answer) => <Answer answer={answer} address={address} change={change} />}</Loaded>
      ) : (
        <BodyLong className="fyr-subtle">{t('what')}</BodyLong>
      )}
    </section>
  );
}

/** What is typed is asked a moment after the last key, and at once on Enter. */
const pauseMs = 300;

function Box({ asked, change }: { asked: string; change: Address[1] }) {
  const { t } = useTranslation('search');
  const [typed, setTyped] = useState(asked);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  const askNow = (words: string): void =>
    change((next) => {
      if (words.trim() === '') next.delete('q');
      else next.set('q', words);
      next.delete('page');
    });
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(waiting.current), []);
  const later = (words: string): void => {
    setTyped(words);
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => askNow(words), pauseMs);
  };
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        clearTimeout(waiting.current);
        askNow(typed);
      }}
    >
      <Search ref={box} label={t('box')} hideLabel={false} value={typed} onChange={later} maxLength={300} />
    </form>
  );
}

function Answer({ answer, address, change }: { answer: SearchAnswer; address: Address[0]; change: Address[1] }) {
  const { t } = useTranslation('search');
  const say: Say = (...said) =>
    change((next) => {
      for (const [name, value] of said)
        if (value === '') next.delete(name);
        else next.set(name, value);
      next.delete('page');
    });
  return (
    <>
      <Filters answer={answer} address={address} say={say} />
      <p className="fyr-plain fyr-subtle fyr-small" role="status">
        {t('found', { count: answer.total })}
        {answer.isCut && ` ${t('cut')}`}{' '}
        {answer.understood.map(({ asked, concept, meant }) =>
          meant ? (
            <span key={asked}>{t('meant', { asked, meant })} </span>
          ) : concept && concept !== asked.toLowerCase() ? (
            <span key={asked}>{t('as-concept', { asked, concept })} </span>
          ) : null,
        )}
      </p>
      <ol className="fyr-plain fyr-rows">
        {answer.hits.map((hit) => (
          <li key={`${hit.type}/${hit.id}`}>
            <Found hit={hit} />
          </li>
        ))}
      </ol>
      {answer.pages > 1 && (
        <Pagination
          size="small"
          page={answer.page}
          count={Math.min(answer.pages, 100)}
          onPageChange={(page) => change((next) => next.set('page', String(page)))}
        />
      )}
    </>
  );
}

function Filters({ answer, address, say }: { answer: SearchAnswer; address: Address[0]; say: Say }) {
  const { t } = useTranslation('search');
  const isNarrowed = filters.some((name) => address.has(name));
  const sayYear = (year: string): void => say(['from', year && `${year}-01-01`], ['to', year && `${year}-12-31`]);
  const choice = (name: 'type' | 'author' | 'site', facets: readonly Facet[]) => {
    const chosen = address.get(name) ?? '';
    const values =
      chosen === '' || facets.some(({ value }) => value === chosen) ? facets : [{ value: chosen, count: 0 }, ...facets];
    if (values.length === 0) return null;
    return (
      <Select size="small" label={t(name)} value={chosen} onChange={({ target }) => say([name, target.value])}>
        <option value="">{t('all')}</option>
        {values.map(({ value, count }) => (
          <option key={value} value={value}>
            {name === 'type' ? t(`kind-${value}`) : value} ({count})
          </option>
        ))}
      </Select>
    );
  };
  return (
    <div className="fyr-row fyr-search-filters">
      {choice('type', answer.facets.type)}
      {choice('author', answer.facets.author)}
      {choice('site', answer.facets.site)}
      <Select
        size="small"
        label={t('year')}
        value={address.get('from')?.slice(0, 4) ?? ''}
        onChange={({ target }) => sayYear(target.value)}
      >
        <option value="">{t('all')}</option>
        {answer.facets.year
          .toSorted((a, b) => (a.value < b.value ? 1 : -1))
          .map(({ value, count }) => (
            <option key={value} value={value}>
              {value} ({count})
            </option>
          ))}
      </Select>
      {isNarrowed && (
        <Button size="small" variant="tertiary" onClick={() => say(...filters.map((name) => [name, ''] as const))}>
          {t('everything')}
        </Button>
      )}
    </div>
  );
}

function Found({ hit }: { hit: Hit }) {
  const { t } = useTranslation('search');
  const written = useWritten();
  return (
    <article className="fyr-search-hit">
      <h2 className="fyr-search-name">
        <Link to={placeOf(hit)}>{hit.title}</Link>{' '}
        {hit.isDenied && (
          <Tag size="xsmall" data-color="neutral">
            {t('denied')}
          </Tag>
        )}
      </h2>
      <p className="fyr-plain fyr-subtle fyr-small">
        {[t(`kind-${hit.kind}`), written.date(hit.at?.slice(0, 10)), hit.author, hit.site].filter(Boolean).join(' · ')}
      </p>
      <p className="fyr-plain fyr-search-passage">
        {markedPieces(hit.passage, hit.marks).map(({ text, mark }, at) =>
          mark === undefined ? (
            <span key={at}>{text}</span>
          ) : (
            <mark key={at} className={mark.isDenied ? 'fyr-search-denied' : undefined}>
              {text}
            </mark>
          ),
        )}
      </p>
      <p className="fyr-plain fyr-subtle fyr-small">
        {hit.why.map(({ asked, way, concept }) => t(`why-${way}`, { asked, concept: concept ?? asked })).join(' · ')}
      </p>
    </article>
  );
}
