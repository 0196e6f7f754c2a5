/** Who saw what in one's record, when and why, as sentences; and the way to say that something is wrong. */
import { BodyLong, Button, Heading, Select } from '@navikt/ds-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams, type LoaderFunctionArgs } from 'react-router';
import type { LogLine } from '#trust/access-log/contract.ts';
import { useActingFor } from '../session/acting-for.tsx';
import { queriesContext } from '../session/context.ts';
import { currentLanguage, useLanguage } from '../text/texts.ts';
import { Loaded } from '../ui/loaded.tsx';
import { MorePages } from '../ui/more-pages.tsx';
import { Line } from './line.tsx';
import { filtersOf, kinds, mineQuery, periods, type Filters } from './queries.ts';

export async function loader({ request, context }: LoaderFunctionArgs): Promise<null> {
  const address = new URL(request.url).searchParams;
  const patient = address.get('for') ?? undefined;
  const query = mineQuery(patient, filtersOf(address), currentLanguage());
  await context.get(queriesContext).prefetchInfiniteQuery(query);
  return null;
}

export function Component() {
  const { t } = useTranslation('access-log');
  const [address, setAddress] = useSearchParams();
  const filters = filtersOf(address);
  const patient = useActingFor();
  const query = useInfiniteQuery({
    ...mineQuery(patient, filters, useLanguage()),
    placeholderData: keepPreviousData,
  });
  const narrow = (name: keyof Filters, value: string): void =>
    setAddress(
      (now) => {
        if (value === '') now.delete(name);
        else now.set(name, value);
        return now;
      },
      { replace: true, preventScrollReset: true },
    );
  return (
    <div className="fyr-narrow fyr-stack">
      <title>{t('title')}</title>
      <Heading size="xlarge" level="1">
        {t('title')}
      </Heading>
      <BodyLong size="large">{t('lead')}</BodyLong>
      <Narrowing filters={filters} narrow={narrow} />
      <Loaded query={query}>
        {({ pages }) => (
          <Lines lines={pages.flatMap(({ lines }) => lines)} patient={patient} filters={filters} narrow={narrow} />
        )}
      </Loaded>
      <MorePages query={query} />
    </div>
  );
}

type Narrow = (name: keyof Filters, value: string) => void;

function Narrowing({ filters, narrow }: { filters: Filters; narrow: Narrow }) {
  const { t } = useTranslation('access-log');
  return (
    <div role="group" aria-label={t('filters')} className="fyr-row fyr-not-on-paper">
      <Select label={t('kind')} size="small" value={filters.kind} onChange={(e) => narrow('kind', e.target.value)}>
        <option value="">{t('kind-all')}</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`kind-${kind}`)}
          </option>
        ))}
      </Select>
      <Select label={t('period')} size="small" value={filters.days} onChange={(e) => narrow('days', e.target.value)}>
        <option value="">{t('period-all')}</option>
        {periods.map((days) => (
          <option key={days} value={days}>
            {t(`period-${days}`)}
          </option>
        ))}
      </Select>
      <Select
        label={t('by')}
        size="small"
        value={filters.by}
        onChange={(e) => narrow('by', e.target.value === 'others' ? '' : e.target.value)}
      >
        <option value="others">{t('by-others')}</option>
        <option value="everybody">{t('by-everybody')}</option>
      </Select>
    </div>
  );
}

type LinesProps = { lines: LogLine[]; patient: string | undefined; filters: Filters; narrow: Narrow };

function Lines({ lines, patient, filters, narrow }: LinesProps) {
  const { t } = useTranslation('access-log');
  const isNarrowed = filters.kind !== '' || filters.days !== '' || filters.who !== '';
  if (lines.length === 0) return <BodyLong>{t(isNarrowed ? 'nothing' : 'nothing-yet')}</BodyLong>;
  return (
    <>
      {filters.who !== '' && (
        <div className="fyr-row fyr-row-middle">
          <span>{t('only-who', { name: lines[0]?.who.name })}</span>
          <Button size="small" variant="tertiary" onClick={() => narrow('who', '')}>
            {t('show-all')}
          </Button>
        </div>
      )}
      <ol className="fyr-plain fyr-lines">
        {lines.map((line) => (
          <Line
            key={line.id}
            line={line}
            patient={patient}
            onlyThis={filters.who === '' ? () => narrow('who', line.who.key) : undefined}
          />
        ))}
      </ol>
    </>
  );
}
