/** Contacts with the health service, and the people around the patient. */
import { useQuery } from '@tanstack/react-query';
import type { CareTeam, Encounter, RelatedPerson } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { Card } from '../record/card.tsx';
import { nameOf } from '../record/names.ts';
import { Row, rowsOrNone } from '../record/rows.tsx';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { careTeamQuery, contactsQuery, relativesQuery } from './queries.ts';

export function Contacts({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  return (
    <Card title={t('contacts')} area="contacts" query={contactsQuery(patient)}>
      {(all) => rowsOrNone(all, (one) => <ContactRow contact={one} />)}
    </Card>
  );
}

function ContactRow({ contact }: { contact: Encounter }) {
  const { t } = useTranslation('chart');
  const written = useWritten();
  const { class: kind, period, reasonCode, serviceProvider, participant } = contact;
  const isNow = contact.status === 'in-progress';
  return (
    <Row from={[isNow ? t('now') : undefined, written.when(period?.start), serviceProvider?.display]}>
      {t(`contact-${kind.code ?? ''}`, { defaultValue: kind.display ?? '' })}
      {reasonCode?.[0] && `: ${wordsOf(reasonCode[0])}`}
      {serviceProvider === undefined && participant?.[0]?.individual?.display}
    </Row>
  );
}

export function People({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  const teams = useQuery(careTeamQuery(patient));
  const members = (teams.data?.resources ?? []).flatMap(membersOf);
  return (
    <Card title={t('people')} area="people" query={relativesQuery(patient)}>
      {(all) =>
        all.length + members.length === 0 ? undefined : (
          <>
            {rowsOrNone(all, (one) => (
              <Relative relative={one} />
            ))}
            {rowsOrNone(members, ({ name, role, team }) => (
              <Row from={[role, team]}>{name}</Row>
            ))}
          </>
        )
      }
    </Card>
  );
}

function Relative({ relative: { name, relationship, telecom } }: { relative: RelatedPerson }) {
  const relation = (relationship ?? []).map(({ coding, text }) => text ?? coding?.[0]?.display ?? '');
  return <Row from={[...relation, telecom?.find(({ system }) => system === 'phone')?.value]}>{nameOf(name)}</Row>;
}

type Member = { id: string; name: string; role: string; team: string | undefined };

function membersOf({ id, name, participant, managingOrganization }: CareTeam): Member[] {
  return (participant ?? []).flatMap(({ member, role }, at) =>
    member?.display === undefined
      ? []
      : [
          {
            id: `${id} ${at}`,
            name: member.display,
            role: wordsOf(role?.[0]),
            team: managingOrganization?.[0]?.display ?? name,
          },
        ],
  );
}
