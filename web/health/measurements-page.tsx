/** Measurements: those of the health service and one's own, which one adds here and can take away again. */
import { BodyLong, Button, Heading } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Observation } from 'fhir/r4';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { seriesOf, valueOf, whenOf, wordsOf } from '../record/words.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Problem } from '../ui/problem.tsx';
import { AddMeasurement } from './add-measurement.tsx';
import { isOwn } from './own.ts';
import { measurementsQuery } from './queries.ts';
import { Tests } from './results-page.tsx';
import { loaderOf, useWhose } from './whose.ts';

export const loader = loaderOf((queries, patient) => [queries.prefetchQuery(measurementsQuery(patient))]);

export function Component() {
  const { t } = useTranslation('health');
  const patient = useWhose();
  const query = useQuery(measurementsQuery(patient));
  return (
    <>
      <title>{t('part-measurements')}</title>
      <Heading size="xlarge" level="1">
        {t('part-measurements')}
      </Heading>
      <AddMeasurement key={patient} patient={patient} />
      <Loaded query={query}>
        {({ resources }) => (
          <>
            <Own all={resources.filter(isOwn)} />
            <Heading size="medium" level="2">
              {t('all-measurements')}
            </Heading>
            <Tests series={seriesOf(resources)} empty={t('measurements-none')} />
          </>
        )}
      </Loaded>
    </>
  );
}

/** Loaded when somebody takes something away: the page comes quicker without it. */
const Confirm = lazy(async () => ({ default: (await import('../ui/confirm.tsx')).Confirm }));

const shown = 10;

function Own({ all }: { all: Observation[] }) {
  const { t } = useTranslation('health');
  return (
    <section className="fyr-card fyr-stack">
      <Heading size="small" level="2">
        {t('own-measurements')}
      </Heading>
      {all.length === 0 ? (
        <BodyLong>{t('own-none')}</BodyLong>
      ) : (
        <ul className="fyr-plain fyr-rows">
          {all.slice(0, shown).map((one) => (
            <OwnRow key={one.id} observation={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function OwnRow({ observation }: { observation: Observation }) {
  const { t } = useTranslation('health');
  const written = useWritten();
  const [isAsking, setIsAsking] = useState(false);
  const change = useChange();
  const removing = useMutation({
    mutationFn: () => change(`/fhir/Observation/${observation.id}`, { method: 'DELETE' }, ['record']),
  });
  const said = `${wordsOf(observation.code)} ${valueOf(observation, written.number)}`;
  return (
    <li>
      <div className="fyr-row fyr-row-middle fyr-row-apart">
        <span>
          <strong>{said}</strong> <span className="fyr-subtle">{written.when(whenOf(observation))}</span>
        </span>
        <Button size="small" variant="tertiary" onClick={() => setIsAsking(true)}>
          {t('remove')}
          <span className="fyr-unseen"> {said}</span>
        </Button>
      </div>
      {isAsking && (
        <Suspense>
          <Confirm
            title={t('remove-title')}
            follows={t('remove-follows')}
            action={t('remove')}
            isPending={removing.isPending}
            onConfirm={() => removing.mutate()}
            onCancel={() => setIsAsking(false)}
          >
            <p>{said}</p>
            <Problem error={removing.error} />
          </Confirm>
        </Suspense>
      )}
    </li>
  );
}
