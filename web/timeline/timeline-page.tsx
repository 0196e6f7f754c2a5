/** Everything that happened, from the whole life to one day, by kind. Only the rows in view are drawn. */
import { Button, Chips } from '@navikt/ds-react';
import { useQueries, type UseQueryResult } from '@tanstack/react-query';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type { FhirResource } from 'fhir/r4';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { Found, TypeName } from '../record/queries.ts';
import { useWritten, type Written } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { useAddress } from '../ui/use-address.ts';
import { around, happeningsOf, inside, isSpan, kinds, partsOf, type Happening, type Kind } from './happenings.ts';
import { happeningQueries } from './queries.ts';
import './timeline.css';

const rowPixels = 52;
const norwegianDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo' });
const dayOf = (at: string): string => (at.includes('T') ? norwegianDay.format(new Date(at)) : at);

type Asked = UseQueryResult<Found<TypeName>>[];

/** All of them as one; drawn anew only when one of them is fetched anew. */
const together = (results: Asked) => ({
  resources: results.flatMap(({ data }) => (data?.resources ?? []) as FhirResource[]),
  failed: results.find(({ error }) => error !== null),
  isPending: results.some((one) => one.isPending),
  isMore: results.some(({ data }) => data?.isMore),
});

export function Component() {
  const { t } = useTranslation('timeline');
  const { patient = '' } = useParams();
  const { resources, failed, isPending, isMore } = useQueries({
    queries: happeningQueries(patient),
    combine: together,
  });
  const all = useMemo(() => happeningsOf(resources), [resources]);
  return (
    <section className="fyr-card fyr-stack" aria-label={t('timeline')}>
      {failed && <Loaded query={failed}>{() => null}</Loaded>}
      {isPending && <p role="status">{t('loading')}</p>}
      <Spans happenings={all} patient={patient} />
      {isMore && <p className="fyr-plain fyr-subtle fyr-small">{t('more')}</p>}
    </section>
  );
}

function Spans({ happenings, patient }: { happenings: readonly Happening[]; patient: string }) {
  const { t } = useTranslation('timeline');
  const written = useWritten();
  const [address, say] = useAddress();
  const asked = address.get('span') ?? '';
  const span = isSpan(asked) ? asked : '';
  const hidden = address.getAll('without');
  const chosen = happenings.filter(({ kind }) => !hidden.includes(kind));
  const shown = inside(chosen, span, dayOf);
  const zoom = (to: string): void =>
    say((next) => (to === '' ? next.delete('span') : next.set('span', to)), { replace: false });
  const toggle = (kind: Kind): void =>
    say((next) => {
      next.delete('without');
      for (const one of hidden.includes(kind) ? hidden.filter((other) => other !== kind) : [...hidden, kind])
        next.append('without', one);
    });
  return (
    <>
      <Chips size="small">
        {kinds.map((kind) => (
          <Chips.Toggle key={kind} selected={!hidden.includes(kind)} onClick={() => toggle(kind)}>
            {t(`kind-${kind}`)}
          </Chips.Toggle>
        ))}
      </Chips>
      <div className="fyr-row fyr-row-middle">
        <strong>{span === '' ? t('whole-life') : written.date(span)}</strong>
        {span !== '' && (
          <Button size="small" variant="tertiary" onClick={() => zoom(around(span))}>
            {t('zoom-out', { to: around(span) === '' ? t('whole-life') : written.date(around(span)) })}
          </Button>
        )}
        <span className="fyr-subtle" role="status">
          {t('count', { count: shown.length })}
        </span>
      </div>
      <Density parts={partsOf(chosen, span, dayOf)} zoom={zoom} />
      <Rows happenings={shown} patient={patient} written={written} />
    </>
  );
}

/** How much happened in each part: a press goes into it. */
function Density({ parts, zoom }: { parts: { span: string; count: number }[]; zoom: (to: string) => void }) {
  const { t } = useTranslation('timeline');
  const written = useWritten();
  const most = Math.max(...parts.map(({ count }) => count), 1);
  if (parts.length === 0) return null;
  return (
    <div className="fyr-density" role="group" aria-label={t('zoom-in')}>
      {parts.map(({ span, count }) => (
        <button key={span} type="button" title={`${written.date(span)}: ${count}`} onClick={() => zoom(span)}>
          <svg width="100%" height="48" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 10 48">
            <rect x="1" width="8" y={48 - (count / most) * 46} height={(count / most) * 46} />
          </svg>
          <span aria-hidden="true">{span.length === 4 ? span : span.slice(-2)}</span>
          <span className="fyr-unseen">{t('part', { when: written.date(span), count })}</span>
        </button>
      ))}
    </div>
  );
}

type RowsProps = { happenings: readonly Happening[]; patient: string; written: Written };

function Rows({ happenings, patient, written }: RowsProps) {
  const { t } = useTranslation('timeline');
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: happenings.length,
    estimateSize: () => rowPixels,
    overscan: 12,
    scrollMargin: top,
  });
  if (happenings.length === 0) return <p className="fyr-plain">{t('none')}</p>;
  return (
    <ul ref={list} className="fyr-plain fyr-happenings" style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map(({ index, start, key }) => {
        const one = happenings[index] as Happening;
        return (
          <li
            key={key}
            data-index={index}
            ref={rows.measureElement}
            className="fyr-happening"
            style={{ transform: `translateY(${start - top}px)` }}
          >
            <Row happening={one} patient={patient} written={written} />
          </li>
        );
      })}
    </ul>
  );
}

function Row({ happening, patient, written }: { happening: Happening; patient: string; written: Written }) {
  const { t } = useTranslation('timeline');
  const { at, kind, from, to } = happening;
  const title = happening.title || t('report');
  return (
    <>
      <span className="fyr-happening-when fyr-subtle">{written.date(dayOf(at))}</span>
      <span className={`fyr-happening-kind fyr-kind-${kind}`}>{t(`kind-${kind}`)}</span>
      <span>
        {to === undefined ? title : <Link to={`/patients/${patient}/${to}`}>{title}</Link>}{' '}
        <span className="fyr-subtle fyr-small">{from}</span>
      </span>
    </>
  );
}
