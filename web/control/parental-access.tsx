/** A child of 12 to 15 lets a parent see the record; nobody else has this choice. */
import { BodyLong, Button, Heading } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { RelatedPerson } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { ageAt, nameOf } from '../record/names.ts';
import { patientQuery, recordQuery } from '../record/queries.ts';
import { codeOf } from '../record/words.ts';
import { useChange } from '../session/queries.ts';
import { representationQuery } from '../session/representation.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Problem } from '../ui/problem.tsx';

const parents: readonly string[] = ['mor', 'far', 'medmor'];
const familyRelation = 'http://hl7.no/fhir/CodeSystem/no-basis-family-relation';

export function ParentalAccess({ person }: { person: string }) {
  const { data: patient } = useQuery(patientQuery(person));
  const age = ageAt(patient?.birthDate, new Date());
  if (age === undefined || age.years < 12 || age.years > 15) return null;
  return <Parents person={person} />;
}

function Parents({ person }: { person: string }) {
  const { t } = useTranslation('control');
  const query = useQuery(recordQuery(person, 'RelatedPerson', { _count: '20' }));
  return (
    <section className="fyr-card fyr-stack">
      <Heading size="small" level="2">
        {t('parents')}
      </Heading>
      <BodyLong>{t('parents-more')}</BodyLong>
      <Loaded query={query}>
        {({ resources }) => (
          <ul className="fyr-plain fyr-rows">
            {resources.filter(isParent).map((parent) => (
              <Parent key={parent.id} parent={parent} />
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

function isParent({ relationship }: RelatedPerson): boolean {
  return (relationship ?? []).some((one) => parents.includes(codeOf(one, familyRelation) ?? ''));
}

function Parent({ parent }: { parent: RelatedPerson }) {
  const { t } = useTranslation('control');
  const change = useChange();
  const { data } = useQuery(representationQuery);
  const mayAlready = data?.given.some(({ to }) => to === `RelatedPerson/${parent.id}`) ?? false;
  const giving = useMutation({
    mutationFn: () =>
      change('/api/control/parental-access', { method: 'POST', body: { relatedPerson: parent.id } }, [
        'control',
        'record',
      ]),
  });
  return (
    <li>
      <div className="fyr-row fyr-row-middle fyr-row-apart">
        <strong>{nameOf(parent.name)}</strong>
        {mayAlready ? (
          <span>{t('parent-sees')}</span>
        ) : (
          <Button size="small" variant="secondary" loading={giving.isPending} onClick={() => giving.mutate()}>
            {t('parent-let')}
            <span className="fyr-unseen"> {nameOf(parent.name)}</span>
          </Button>
        )}
      </div>
      <Problem error={giving.error} />
    </li>
  );
}
