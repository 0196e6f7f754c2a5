/** Reports of late that nobody here has said to have seen. Who has is told, and when. */
import { Button, Tag } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { DiagnosticReport, Observation, Task } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { useAuthor, useRecordChange } from '../record/change.ts';
import { Card } from '../record/card.tsx';
import { Row, rowsOrNone } from '../record/rows.tsx';
import { FlagSign } from '../record/flag-sign.tsx';
import { flagOf, valueOf, wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { Problem } from '../ui/problem.tsx';
import { reportsQuery, resultsQuery, seenCode, seenQuery, seenSystem } from './queries.ts';

const recentDays = 7;
const pendingStates: readonly string[] = ['registered', 'partial', 'preliminary'];

export function NewResults({ patient }: { patient: string }) {
  const { t } = useTranslation('results');
  const seen = useQuery(seenQuery(patient));
  return (
    <Card title={t('new-results')} area="new" query={reportsQuery(patient)} empty={t('no-new')}>
      {(reports) =>
        rowsOrNone(reports.filter(isRecent), (report) => (
          <Report report={report} patient={patient} seen={seen.data?.resources ?? []} />
        ))
      }
    </Card>
  );
}

function isRecent({ status, issued, effectiveDateTime }: DiagnosticReport): boolean {
  const at = Date.parse(issued ?? effectiveDateTime ?? '');
  return pendingStates.includes(status) || Date.now() - at < recentDays * 86_400_000;
}

function Report({ report, patient, seen }: { report: DiagnosticReport; patient: string; seen: readonly Task[] }) {
  const { t } = useTranslation('results');
  const written = useWritten();
  const reference = `DiagnosticReport/${report.id}`;
  const by = seen.find(({ focus }) => focus?.reference === reference);
  const isPending = pendingStates.includes(report.status);
  return (
    <div className="fyr-row fyr-row-middle fyr-row-apart">
      <div>
        <Row
          from={[
            t('taken', { when: written.when(report.effectiveDateTime) }),
            report.issued === undefined ? undefined : t('answered', { when: written.when(report.issued) }),
            report.performer?.[0]?.display,
          ]}
        >
          <span className="fyr-flagged">{t('answers', { count: report.result?.length ?? 0 })}</span>
          <Flagged patient={patient} report={report} />
        </Row>
      </div>
      {isPending ? (
        <Tag size="small" data-color="info">
          {t(`state-${report.status}`)}
        </Tag>
      ) : by ? (
        <span className="fyr-subtle fyr-small">
          {t('seen-by', { name: by.owner?.display ?? '', when: written.when(by.authoredOn) })}
        </span>
      ) : (
        <Acknowledge report={report} patient={patient} />
      )}
    </div>
  );
}

/** What of a report is out of its bounds: the reason to look. */
function Flagged({ patient, report }: { patient: string; report: DiagnosticReport }) {
  const written = useWritten();
  const { data } = useQuery(resultsQuery(patient));
  const own = new Set((report.result ?? []).map(({ reference }) => reference));
  const flagged = (data?.resources ?? []).flatMap((one) => {
    const flag = own.has(`Observation/${one.id}`) ? flagOf(one) : undefined;
    return flag === undefined ? [] : [{ one, flag }];
  });
  return flagged.map(({ one, flag }: { one: Observation; flag: NonNullable<ReturnType<typeof flagOf>> }) => (
    <span key={one.id} className="fyr-flagged">
      {wordsOf(one.code)} {valueOf(one, written.number)} <FlagSign flag={flag} />
    </span>
  ));
}

function Acknowledge({ report, patient }: { report: DiagnosticReport; patient: string }) {
  const { t } = useTranslation('results');
  const { create } = useRecordChange();
  const author = useAuthor();
  const seeing = useMutation({
    mutationFn: () =>
      // By the report's own id: two who press at once make one mark.
      create(patient, [seenTask(patient, report, author)], report.id ?? ''),
  });
  return (
    <div>
      <Button size="small" variant="secondary" loading={seeing.isPending} onClick={() => seeing.mutate()}>
        {t('mark-seen')}
      </Button>
      <Problem error={seeing.error} />
    </div>
  );
}

function seenTask(
  patient: string,
  { id, code }: DiagnosticReport,
  author: { reference: string; display: string },
): Task {
  const now = new Date().toISOString();
  return {
    resourceType: 'Task',
    status: 'completed',
    intent: 'order',
    code: { coding: [{ system: seenSystem, code: seenCode }], text: `Sett: ${wordsOf(code)}` },
    focus: { reference: `DiagnosticReport/${id}` },
    for: { reference: `Patient/${patient}` },
    authoredOn: now,
    owner: author,
    executionPeriod: { end: now },
  };
}
