/** What narrows a search: kind, who, where and when, each with how many there are. */
import { Button } from '@navikt/ds-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Facet, SearchAnswer } from '#services/clinical-search/contract.ts';
import type { useAddress } from '../ui/use-address.ts';
import { filters, type Filter } from './queries.ts';

type FacetsProps = {
  answer: SearchAnswer;
  address: ReturnType<typeof useAddress>[0];
  change: ReturnType<typeof useAddress>[1];
};

export function Facets({ answer: { facets }, address, change }: FacetsProps) {
  const { t } = useTranslation('search');
  const [isOpen, setIsOpen] = useState(false);
  const chosen = filters.filter((name) => address.has(name)).length;
  const say = (...said: (readonly [Filter, string])[]): void =>
    change((next) => {
      for (const [name, value] of said)
        if (value === '') next.delete(name);
        else next.set(name, value);
      next.delete('page');
    });
  const valueOf = (name: Filter): string => address.get(name) ?? '';
  const types = valueOf('type').split(',').filter(Boolean);
  const toggleType = (one: string): void =>
    say(['type', (types.includes(one) ? types.filter((other) => other !== one) : [...types, one]).join(',')]);
  const [from, to] = [valueOf('from'), valueOf('to')];
  const year = from.endsWith('-01-01') && to === `${from.slice(0, 4)}-12-31` ? from.slice(0, 4) : '';
  const sayYear = (one: string): void =>
    one === year ? say(['from', ''], ['to', '']) : say(['from', `${one}-01-01`], ['to', `${one}-12-31`]);
  const toggle = (name: 'author' | 'site') => (one: string) => say([name, one === valueOf(name) ? '' : one]);
  return (
    <div className={isOpen ? 'fyr-search-narrow fyr-search-open' : 'fyr-search-narrow'}>
      <Button
        size="small"
        variant="secondary"
        className="fyr-search-narrowing"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {chosen === 0 ? t('narrow') : t('narrowed', { count: chosen })}
      </Button>
      <div className="fyr-search-facets">
        <Choice name="type" facets={facets.type} chosen={types} choose={toggleType} say={(one) => t(`kind-${one}`)} />
        <Choice name="year" facets={newestFirst(facets.year)} chosen={[year]} choose={sayYear} />
        <div className="fyr-search-days">
          <Day label={t('from')} value={from} say={(day) => say(['from', day])} />
          <Day label={t('to')} value={to} say={(day) => say(['to', day])} />
        </div>
        <Choice name="author" facets={facets.author} chosen={[valueOf('author')]} choose={toggle('author')} />
        <Choice name="site" facets={facets.site} chosen={[valueOf('site')]} choose={toggle('site')} />
        {chosen > 0 && (
          <Button size="small" variant="tertiary" onClick={() => say(...filters.map((name) => [name, ''] as const))}>
            {t('everything')}
          </Button>
        )}
      </div>
    </div>
  );
}

const newestFirst = (years: readonly Facet[]): Facet[] => years.toSorted((a, b) => (a.value < b.value ? 1 : -1));

const shownFirst = 6;

type ChoiceProps = {
  name: 'type' | 'author' | 'site' | 'year';
  facets: readonly Facet[];
  chosen: readonly string[];
  choose: (value: string) => void;
  say?: (value: string) => string;
};

function Choice({ name, facets, chosen, choose, say = (value) => value }: ChoiceProps) {
  const { t } = useTranslation('search');
  const [isWhole, setIsWhole] = useState(false);
  const missing = chosen.filter((one) => one !== '' && !facets.some(({ value }) => value === one));
  const all = [...missing.map((value) => ({ value, count: 0 })), ...facets];
  if (all.length === 0) return null;
  const shown = isWhole ? all : all.filter(({ value }, at) => at < shownFirst || chosen.includes(value));
  return (
    <div role="group" aria-labelledby={`search-${name}`}>
      <p id={`search-${name}`} className="fyr-plain fyr-search-facet">
        {t(name)}
      </p>
      <ul className="fyr-plain">
        {shown.map(({ value, count }) => (
          <li key={value}>
            <button
              type="button"
              className="fyr-search-value"
              aria-pressed={chosen.includes(value)}
              onClick={() => choose(value)}
            >
              <span>{say(value)}</span> <span className="fyr-subtle fyr-number">{count}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length < all.length && (
        <Button size="xsmall" variant="tertiary" onClick={() => setIsWhole(true)}>
          {t('more', { count: all.length - shown.length })}
        </Button>
      )}
    </div>
  );
}

function Day({ label, value, say }: { label: string; value: string; say: (day: string) => void }) {
  return (
    <label className="fyr-search-day">
      {label}
      <input
        type="date"
        value={value}
        onChange={({ target }) => {
          // A day that is half written is none yet.
          if (target.value === '' || /^(19|20)\d\d-/.test(target.value)) say(target.value);
        }}
      />
    </label>
  );
}
