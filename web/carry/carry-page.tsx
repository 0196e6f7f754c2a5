/** What one takes along: the record as files, and a summary for whom one gives a code. */
import { BodyLong, Button, Heading } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Bundle, FhirResource } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import type { LoaderFunctionArgs } from 'react-router';
import { recordQuery } from '../record/queries.ts';
import { useActingFor } from '../session/acting-for.tsx';
import { queriesContext } from '../session/context.ts';
import { sessionQuery, useSignedIn } from '../session/queries.ts';
import { useLanguage } from '../text/texts.ts';
import { Problem } from '../ui/problem.tsx';
import { saveFile } from '../ui/save-file.ts';
import { fetchWhole, sharesQuery } from './queries.ts';
import { Shares } from './shares.tsx';

export async function loader({ request, context }: LoaderFunctionArgs): Promise<null> {
  const queries = context.get(queriesContext);
  const session = await queries.ensureQueryData(sessionQuery);
  if (!session.signedIn) return null;
  await queries.prefetchQuery(sharesQuery(new URL(request.url).searchParams.get('for') ?? session.id));
  return null;
}

const reservationsQuery = (patient: string) =>
  recordQuery(patient, 'Consent', { status: 'active', category: 'urn:fyr:code-system:consent-kind|reservation' });

export function Component() {
  const { t } = useTranslation('carry');
  const acting = useActingFor();
  const session = useSignedIn();
  const patient = acting ?? session?.id ?? '';
  const { data: reserved } = useQuery(reservationsQuery(patient));
  const isReserved = reserved?.resources.some(({ provision }) => provision?.purpose === undefined) ?? false;
  return (
    <div className="fyr-narrow fyr-stack">
      <title>{t('title')}</title>
      <Heading size="xlarge" level="1">
        {t('title')}
      </Heading>
      <BodyLong size="large">{t('lead')}</BodyLong>
      <Download patient={patient} isReserved={isReserved} />
      {!isReserved && <Shares key={patient} patient={patient} />}
    </div>
  );
}

function Download({ patient, isReserved }: { patient: string; isReserved: boolean }) {
  const { t } = useTranslation('carry');
  const language = useLanguage();
  const asked = new URLSearchParams({ _language: language });
  return (
    <section className="fyr-card fyr-stack">
      <Heading size="small" level="2">
        {t('download')}
      </Heading>
      <BodyLong>{t('download-more')}</BodyLong>
      <div className="fyr-row">
        <Button as="a" role="link" variant="secondary" href={`/api/summary/${patient}/whole.pdf?${asked}`} download>
          {t('whole-pdf')}
        </Button>
        {!isReserved && (
          <Button as="a" role="link" variant="secondary" href={`/api/summary/${patient}.pdf?${asked}`} download>
            {t('summary-pdf')}
          </Button>
        )}
      </div>
      {isReserved && <BodyLong>{t('summary-none')}</BodyLong>}
      <Fhir patient={patient} />
    </section>
  );
}

function Fhir({ patient }: { patient: string }) {
  const { t } = useTranslation('carry');
  const fetching = useMutation({
    async mutationFn(as: 'bundle' | 'lines') {
      const all = await fetchWhole(patient);
      if (as === 'bundle')
        saveFile('fyr-record.json', [JSON.stringify(bundleOf(all), null, 1)], 'application/fhir+json');
      else saveFile('fyr-record.ndjson', [all.map((one) => JSON.stringify(one)).join('\n')], 'application/fhir+ndjson');
      return all.length;
    },
  });
  return (
    <>
      <div className="fyr-row">
        {(['bundle', 'lines'] as const).map((as) => (
          <Button
            key={as}
            variant="secondary"
            loading={fetching.isPending && fetching.variables === as}
            onClick={() => fetching.mutate(as)}
          >
            {t(as === 'bundle' ? 'fhir' : 'fhir-lines')}
          </Button>
        ))}
      </div>
      <div role="status">{fetching.data !== undefined && t('fetched', { count: fetching.data })}</div>
      <Problem error={fetching.error} />
    </>
  );
}

function bundleOf(all: readonly FhirResource[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: new Date().toISOString(),
    entry: all.map((resource) => ({
      fullUrl: `${location.origin}/fhir/${resource.resourceType}/${resource.id}`,
      resource,
    })),
  };
}
