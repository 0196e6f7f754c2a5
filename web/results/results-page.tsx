/** Results of the laboratory: what is new and not seen yet, then all of them. */
import { useParams, type LoaderFunctionArgs } from 'react-router';
import { useTranslation } from 'react-i18next';
import { Card } from '../record/card.tsx';
import { queriesContext } from '../session/context.ts';
import { NewResults } from './new-results.tsx';
import { reportsQuery, resultsQuery, seenQuery } from './queries.ts';
import { ResultsView } from './results-view.tsx';

export async function loader({ params, context }: LoaderFunctionArgs): Promise<null> {
  const queries = context.get(queriesContext);
  const patient = params['patient'] as string;
  await Promise.all(
    [resultsQuery, reportsQuery, seenQuery].map((query) =>
      queries.prefetchQuery(query(patient) as ReturnType<typeof resultsQuery>),
    ),
  );
  return null;
}

export function Component() {
  const { t } = useTranslation('results');
  const { patient = '' } = useParams();
  return (
    <div className="fyr-stack">
      <NewResults patient={patient} />
      <Card title={t('results')} area="results" query={resultsQuery(patient)} empty={t('no-results')}>
        {(all) => (all.length === 0 ? undefined : <ResultsView label={t('results')} observations={all} />)}
      </Card>
    </div>
  );
}
