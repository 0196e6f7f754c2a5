/** One box over a patient's record, or over all records that one reaches: passages with what was found marked, and why. The question stands in the address. */
import { BodyLong, Pagination } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { Hit, SearchAnswer } from '#services/clinical-search/contract.ts';
import { SlashChoice } from './slash-choice.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { useAddress } from '../ui/use-address.ts';
import { Box } from './box.tsx';
import { Facets } from './facets.tsx';
import { Found } from './found-hit.tsx';
import { searchQuery } from './queries.ts';
import './search.css';

type Address = ReturnType<typeof useAddress>;

export function Component() {
  const { t } = useTranslation('search');
  const { patient } = useParams();
  const [address, change] = useAddress();
  const query = useQuery(searchQuery(patient, address));
  const isAsked = (address.get('q') ?? '').trim().length > 1;
  const Title = patient === undefined ? 'h1' : 'h2';
  return (
    <section className="fyr-stack" aria-labelledby="search-title">
      {patient === undefined && <title>{t('title-all')}</title>}
      <Title id="search-title" className="fyr-search-title">
        {t(patient === undefined ? 'title-all' : 'title')}
      </Title>
      <Box key={patient ?? ''} asked={address.get('q') ?? ''} isLive={patient !== undefined} change={change} />
      {isAsked ? (
        <Loaded query={query}>
          {(answer) => <Answer answer={answer} isOfAll={patient === undefined} address={address} change={change} />}
        </Loaded>
      ) : (
        <BodyLong className="fyr-subtle">{t(patient === undefined ? 'what-all' : 'what')}</BodyLong>
      )}
      <SlashChoice />
    </section>
  );
}

type AnswerProps = { answer: SearchAnswer; isOfAll: boolean; address: Address[0]; change: Address[1] };

function Answer({ answer, isOfAll, address, change }: AnswerProps) {
  const { t } = useTranslation('search');
  const affirmed = answer.hits.filter(({ isDenied }) => !isDenied);
  const denied = answer.hits.filter(({ isDenied }) => isDenied);
  // In a patient the page's own heading is the second: the first is the patient's name.
  const Heading = isOfAll ? 'h2' : 'h3';
  return (
    <div className="fyr-search">
      <Facets answer={answer} address={address} change={change} />
      <div className="fyr-search-found">
        <div role="status">
          <Heading className="fyr-search-count">{t('found', { count: answer.total })}</Heading>
          <Understood answer={answer} />
        </div>
        <Hits hits={affirmed} isOfAll={isOfAll} />
        {denied.length > 0 && (
          <div className="fyr-search-below">
            <Heading className="fyr-search-count">{t('below-denied')}</Heading>
            <Hits hits={denied} isOfAll={isOfAll} />
          </div>
        )}
        {answer.pages > 1 && (
          <Pagination
            size="small"
            page={answer.page}
            count={Math.min(answer.pages, 100)}
            onPageChange={(page) => {
              change((next) => next.set('page', String(page)));
              window.scrollTo({ top: 0 });
            }}
          />
        )}
      </div>
    </div>
  );
}

/** What was read otherwise than it was written. */
function Understood({ answer: { understood, isCut, total } }: { answer: SearchAnswer }) {
  const { t } = useTranslation('search');
  const said = understood.flatMap(({ asked, concept, meant }) => {
    if (meant !== undefined) return [t('meant', { asked, meant })];
    return concept !== undefined && concept !== asked.toLocaleLowerCase('nb')
      ? [t('as-concept', { asked, concept })]
      : [];
  });
  if (isCut) said.push(t('cut'));
  if (total === 0) said.push(t('none'));
  return said.length === 0 ? null : <p className="fyr-plain fyr-subtle fyr-small">{said.join(' ')}</p>;
}

function Hits({ hits, isOfAll }: { hits: readonly Hit[]; isOfAll: boolean }) {
  return (
    <ol className="fyr-plain fyr-rows">
      {hits.map((hit) => (
        <li key={`${hit.type}/${hit.id}`}>
          <Found hit={hit} isOfAll={isOfAll} />
        </li>
      ))}
    </ol>
  );
}
