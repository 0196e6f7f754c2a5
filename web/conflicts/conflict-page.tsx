/** Two versions side by side: who wrote each, where and when; only what differs is open; the choice of one, with a reason that stands in the record. */
import { BodyLong, Button, Heading, InlineMessage, Radio, RadioGroup, Table, Tag, Textarea } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ConflictShown, ConflictVersion, ElementRow, Resolved, Taken } from '#continuity/conflicts/contract.ts';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { useDraft } from '../ui/draft.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Problem } from '../ui/problem.tsx';
import { isPickedWhole, mayMerge, mergedOf, type Picked } from './merged.ts';
import { PickElements } from './pick-elements.tsx';
import { conflictQuery } from './queries.ts';

const writeNew = 'write-new';

export function Component() {
  const { t } = useTranslation('conflicts');
  const { conflict = '' } = useParams();
  const query = useQuery(conflictQuery(conflict));
  return (
    <>
      <title>{t('title')}</title>
      <Heading size="large" level="1" spacing>
        {t('title')}
      </Heading>
      <Loaded query={query}>{(shown) => <Shown shown={shown} />}</Loaded>
    </>
  );
}

function Shown({ shown }: { shown: ConflictShown }) {
  const { t } = useTranslation('conflicts');
  const { patient, title, resolution, elements, sides } = shown;
  const written = useWritten();
  const [differing, same] = [
    elements.filter(({ isDifferent }) => isDifferent),
    elements.filter((one) => !one.isDifferent),
  ];
  return (
    <div className="fyr-stack">
      <section className="fyr-card fyr-stack">
        <Heading size="small" level="2">
          {title}
          {patient && (
            <>
              {' · '}
              <Link to={`/patients/${patient.id}`}>{patient.name}</Link>
            </>
          )}
        </Heading>
        <Elements label={t('differs')} sides={sides} rows={differing} />
        {same.length > 0 && (
          <details>
            <summary>{t('same', { count: same.length })}</summary>
            <Elements label={t('same', { count: same.length })} sides={sides} rows={same} />
          </details>
        )}
      </section>
      {resolution ? (
        <BodyLong>
          {t('resolved', { by: resolution.by, when: written.when(resolution.at), reason: resolution.reason })}
        </BodyLong>
      ) : shown.mayResolve ? (
        <Decide shown={shown} />
      ) : (
        <BodyLong>{shown.whyNot}</BodyLong>
      )}
    </div>
  );
}

type ElementsProps = { label: string; sides: readonly ConflictVersion[]; rows: readonly ElementRow[] };

function Elements({ label, sides, rows }: ElementsProps) {
  const { t } = useTranslation('conflicts');
  return (
    <div className="fyr-scroll" tabIndex={0} role="group" aria-label={label}>
      <Table size="small" aria-label={label} className="fyr-folding">
        <Table.Header>
          <Table.Row>
            <Table.HeaderCell scope="col">{t('element')}</Table.HeaderCell>
            {sides.map((side) => (
              <Table.HeaderCell key={side.versionId} scope="col">
                <VersionHead version={side} />
              </Table.HeaderCell>
            ))}
            <Table.HeaderCell scope="col">{t('before')}</Table.HeaderCell>
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {rows.map(({ element, texts, before }) => (
            <Table.Row key={element}>
              <Table.HeaderCell scope="row">{element}</Table.HeaderCell>
              {sides.map(({ versionId, node }, at) => (
                <Table.DataCell key={versionId} data-column={node}>
                  {texts[at] || t('nothing')}
                </Table.DataCell>
              ))}
              <Table.DataCell data-column={t('before')} className="fyr-subtle">
                {before?.text ?? t('nothing')}
              </Table.DataCell>
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}

function VersionHead({ version: { node, writtenAt, author, isCurrent, isDeletion } }: { version: ConflictVersion }) {
  const { t } = useTranslation('conflicts');
  const written = useWritten();
  return (
    <>
      {author?.name ?? t('unknown-author')}
      <div className="fyr-subtle fyr-small fyr-light-text">
        {node} · {written.when(writtenAt)}
      </div>
      {isCurrent && (
        <Tag size="xsmall" data-color="info">
          {t('current')}
        </Tag>
      )}
      {isDeletion && (
        <Tag size="xsmall" data-color="warning">
          {t('deleted')}
        </Tag>
      )}
    </>
  );
}

function Decide({ shown }: { shown: ConflictShown }) {
  const { t } = useTranslation('conflicts');
  const navigate = useNavigate();
  const change = useChange();
  const reason = useDraft(`conflict ${shown.id}`);
  const [chosen, setChosen] = useState('');
  const [picked, setPicked] = useState<Picked>({});
  const [wasTried, setWasTried] = useState(false);
  const path = `/api/continuity/conflicts/${encodeURIComponent(shown.id)}`;
  const taking = useMutation({
    mutationFn: () => change<Taken>(`${path}/take`, { method: 'POST', body: {} }, ['conflicts']),
  });
  const resolving = useMutation({
    mutationFn: () => {
      const versions = shown.sides.map(({ versionId }) => versionId);
      const decided = chosen === writeNew ? { resource: mergedOf(shown, picked) } : { choose: chosen };
      const body = { versions, ...decided, reason: reason.text.trim() };
      return change<Resolved>(`${path}/resolve`, { method: 'POST', body }, ['conflicts', 'record']);
    },
    onSuccess: async () => {
      reason.forget();
      await navigate('/conflicts');
    },
  });
  const lacksReason = reason.text.trim() === '';
  const resolve = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    const isWhole = chosen !== writeNew || isPickedWhole(shown, picked);
    if (chosen !== '' && isWhole && !lacksReason) resolving.mutate();
  };
  const place = shown.sides.find(({ versionId }) => versionId === chosen)?.node;
  return (
    <form className="fyr-card fyr-stack" onSubmit={resolve} noValidate>
      <Choice shown={shown} chosen={chosen} choose={setChosen} lacks={wasTried && chosen === ''} />
      {chosen === writeNew && <PickElements shown={shown} picked={picked} pick={setPicked} />}
      {chosen === writeNew && wasTried && !isPickedWhole(shown, picked) && (
        <InlineMessage status="error">{t('write-new-lacks')}</InlineMessage>
      )}
      {place !== undefined && <BodyLong>{t('follows', { place })}</BodyLong>}
      <Textarea
        label={t('reason')}
        value={reason.text}
        maxLength={2000}
        minRows={2}
        error={wasTried && lacksReason ? t('reason-lacks') : undefined}
        onChange={({ target }) => reason.write(target.value)}
      />
      <Problem error={resolving.error ?? taking.error} />
      <div className="fyr-row">
        <Button type="submit" loading={resolving.isPending}>
          {t('resolve')}
        </Button>
        <Button type="button" variant="secondary" loading={taking.isPending} onClick={() => taking.mutate()}>
          {t('take')}
        </Button>
      </div>
    </form>
  );
}

type ChoiceProps = { shown: ConflictShown; chosen: string; choose: (version: string) => void; lacks: boolean };

function Choice({ shown, chosen, choose, lacks }: ChoiceProps) {
  const { t } = useTranslation('conflicts');
  return (
    <RadioGroup legend={t('choose')} value={chosen} onChange={choose} error={lacks ? t('choose-lacks') : undefined}>
      {shown.sides.map(({ versionId, node, author }) => (
        <Radio key={versionId} value={versionId}>
          {t('version-of', { who: author?.name ?? t('unknown-author'), place: node })}
        </Radio>
      ))}
      {mayMerge(shown) && <Radio value={writeNew}>{t('write-new')}</Radio>}
    </RadioGroup>
  );
}
