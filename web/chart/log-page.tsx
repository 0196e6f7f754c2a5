/** Who has seen this patient's record, for those who treat. */
import { BodyLong, Button, Heading, Table, Tag } from '@navikt/ds-react';
import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams, type LoaderFunctionArgs } from 'react-router';
import type { LogLine, MineAnswer } from '#trust/access-log/contract.ts';
import { doneWords } from '../record/done.ts';
import { askJson } from '../session/ask.ts';
import { queriesContext } from '../session/context.ts';
import { currentLanguage, useLanguage, type Language } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';

const logQuery = (patient: string, language: Language) =>
  infiniteQueryOptions({
    queryKey: ['record', patient, 'log', language],
    queryFn: ({ signal, pageParam }) => {
      const asked = new URLSearchParams({ patient, language, ...(pageParam === '' ? {} : { cursor: pageParam }) });
      return askJson<MineAnswer>(`/api/log/mine?${asked}`, { signal });
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });

export async function loader({ params, context }: LoaderFunctionArgs): Promise<null> {
  await context.get(queriesContext).prefetchInfiniteQuery(logQuery(params['patient'] as string, currentLanguage()));
  return null;
}

export function Component() {
  const { t } = useTranslation('chart');
  const { patient = '' } = useParams();
  const query = useInfiniteQuery({ ...logQuery(patient, useLanguage()), placeholderData: keepPreviousData });
  return (
    <section className="fyr-card">
      <Heading size="small" level="2" spacing>
        {t('log-title')}
      </Heading>
      <Loaded query={query}>{({ pages }) => <Entries lines={pages.flatMap(({ lines }) => lines)} />}</Loaded>
      {query.hasNextPage && (
        <Button
          size="small"
          variant="secondary"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('log-more')}
        </Button>
      )}
    </section>
  );
}

function Entries({ lines }: { lines: LogLine[] }) {
  const { t } = useTranslation('chart');
  if (lines.length === 0) return <BodyLong>{t('log-none')}</BodyLong>;
  return (
    <Table size="small" className="fyr-folding" aria-label={t('log-title')}>
      <Table.Header>
        <Table.Row>
          {['when', 'log-who', 'log-what', 'log-why'].map((column) => (
            <Table.HeaderCell key={column} scope="col">
              {t(column)}
            </Table.HeaderCell>
          ))}
        </Table.Row>
      </Table.Header>
      <Table.Body>
        {lines.map((line) => (
          <Entry key={line.id} line={line} />
        ))}
      </Table.Body>
    </Table>
  );
}

function Entry({ line }: { line: LogLine }) {
  const { who, organisation, department, why, last, outcome } = line;
  const { t } = useTranslation('chart');
  const written = useWritten();
  const place = department?.name ?? organisation?.name;
  return (
    <Table.Row>
      <Table.DataCell data-column={t('when')}>{written.when(last)}</Table.DataCell>
      <Table.DataCell data-column={t('log-who')}>
        {who.name} <span className="fyr-subtle">{[who.profession, place].filter(Boolean).join(', ')}</span>
      </Table.DataCell>
      <Table.DataCell data-column={t('log-what')}>
        {doneWords(line, written.list)}{' '}
        {outcome !== 'allowed' && (
          <Tag size="xsmall" data-color="warning">
            {t(`outcome-${outcome}`)}
          </Tag>
        )}
      </Table.DataCell>
      <Table.DataCell data-column={t('log-why')}>{why.words}</Table.DataCell>
    </Table.Row>
  );
}
