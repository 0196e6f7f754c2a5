/** The inbox of two versions: those that my department, or I, have to decide. The oldest deadline first. */
import { BodyLong, Heading, Tag, ToggleGroup } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import type { ConflictLine } from '#continuity/conflicts/contract.ts';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Refusal } from '../session/ask.ts';
import { useWritten } from '../text/written.ts';
import { Loaded, Refused } from '../ui/loaded.tsx';
import { conflictsQuery, scopes } from './queries.ts';

export function Component() {
  const { t } = useTranslation('conflicts');
  const [address, setAddress] = useSearchParams();
  const scope = scopes.find((one) => one === address.get('whose')) ?? 'organisation';
  const query = useQuery(conflictsQuery(scope));
  return (
    <>
      <title>{t('title')}</title>
      <Heading size="large" level="1" spacing>
        {t('title')}
      </Heading>
      <BodyLong spacing>{t('lead')}</BodyLong>
      <section className="fyr-card fyr-stack">
        <ToggleGroup
          size="small"
          aria-label={t('whose')}
          value={scope}
          onChange={(value) => setAddress({ whose: value })}
        >
          {scopes.map((one) => (
            <ToggleGroup.Item key={one} value={one}>
              {t(`whose-${one}`)}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup>
        <Loaded query={query} onRefused={(refusal: Refusal) => <None refusal={refusal} />}>
          {({ conflicts }) =>
            conflicts.length === 0 ? (
              <BodyLong>{t('none')}</BodyLong>
            ) : (
              <ul className="fyr-plain fyr-rows">
                {conflicts.map((one) => (
                  <li key={one.id}>
                    <Line conflict={one} />
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </>
  );
}

/** A node without a line has nobody to disagree with. */
function None({ refusal }: { refusal: Refusal }) {
  const { t } = useTranslation('conflicts');
  return refusal.status === 404 ? <BodyLong>{t('none-here')}</BodyLong> : <Refused refusal={refusal} />;
}

function Line({ conflict }: { conflict: ConflictLine }) {
  const { t } = useTranslation('conflicts');
  const written = useWritten();
  const { id, title, patient, since, deadline, isOverdue, owner, nodes } = conflict;
  return (
    <>
      <div className="fyr-row fyr-row-middle">
        <Link to={`/conflicts/${id}`}>{[patient?.name, title].filter(Boolean).join(': ')}</Link>
        {isOverdue && (
          <Tag size="xsmall" data-color="danger">
            {t('overdue')}
          </Tag>
        )}
      </div>
      <div className="fyr-subtle fyr-small">
        {[
          t('since', { when: written.when(since) }),
          deadline === undefined ? undefined : t('deadline', { when: written.when(deadline) }),
          t('decided-by', { who: owner.name }),
          t('written-at', { places: written.list(nodes) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </div>
    </>
  );
}
