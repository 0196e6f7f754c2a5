/** What one decides oneself: who may not see, whether there is a summary record, and who acts for whom. */
import { BodyLong, Heading } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import type { LoaderFunctionArgs } from 'react-router';
import { blocksQuery } from '../record/blocks.ts';
import { patientQuery } from '../record/queries.ts';
import { useActingFor, useActingSearch } from '../session/acting-for.tsx';
import { queriesContext } from '../session/context.ts';
import { sessionQuery, useSignedIn } from '../session/queries.ts';
import { representationQuery } from '../session/representation.ts';
import { AgeRules, KinLink } from './age-rules.tsx';
import { Blocks } from './blocks.tsx';
import { ParentalAccess } from './parental-access.tsx';
import { Representation } from './representation.tsx';
import { Reservation } from './reservation.tsx';

export async function loader({ request, context }: LoaderFunctionArgs): Promise<null> {
  const queries = context.get(queriesContext);
  const session = await queries.ensureQueryData(sessionQuery);
  if (!session.signedIn) return null;
  const patient = new URL(request.url).searchParams.get('for') ?? undefined;
  await Promise.all([
    queries.prefetchQuery(blocksQuery(patient)),
    queries.prefetchQuery(representationQuery),
    queries.prefetchQuery(patientQuery(session.id)),
  ]);
  return null;
}

export function Component() {
  const { t } = useTranslation('control');
  const patient = useActingFor();
  const session = useSignedIn();
  const search = useActingSearch();
  return (
    <div className="fyr-narrow fyr-stack">
      <title>{t('title')}</title>
      <Heading size="xlarge" level="1">
        {t('title')}
      </Heading>
      <BodyLong size="large">{t('lead')}</BodyLong>
      <div>
        <Blocks key={patient} patient={patient} />
        {patient === undefined && session !== undefined && <ParentalAccess person={session.id} />}
        <Reservation patient={patient ?? session?.id ?? ''} actingFor={patient} />
        <Representation />
        <AgeRules patient={patient ?? session?.id ?? ''} actingFor={patient} />
        <KinLink search={search} />
      </div>
    </div>
  );
}
