/** What was found: what it is, whose, the passage with its marks, and why it is here. */
import { Tag } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Hit } from '#services/clinical-search/contract.ts';
import { useWritten } from '../text/written.ts';
import { glanceOf, markedPieces, placeOf } from './marked.ts';

export function Found({ hit, isOfAll }: { hit: Hit; isOfAll: boolean }) {
  const { t } = useTranslation('search');
  const written = useWritten();
  const { person, passage, title, kind, at, author, site, isDenied } = hit;
  const Name = isOfAll ? 'h3' : 'h4';
  const glance = glanceOf(passage, hit.marks);
  return (
    <article className="fyr-search-hit">
      {isOfAll && (
        <p className="fyr-plain fyr-search-person">
          <Link to={`/patients/${hit.patient}`}>{person?.name ?? t('person-unknown')}</Link>{' '}
          {person?.birthDate && (
            <span className="fyr-subtle">{t('born', { when: written.date(person.birthDate) })}</span>
          )}
        </p>
      )}
      <Name className="fyr-search-name">
        <Link to={placeOf(hit)} state={{ passage }}>
          {title}
        </Link>{' '}
        {isDenied && (
          <Tag size="xsmall" data-color="neutral">
            {t('denied')}
          </Tag>
        )}
      </Name>
      <p className="fyr-plain fyr-subtle fyr-small">
        {[t(`kind-${kind}`), written.date(at?.slice(0, 10)), author, site].filter(Boolean).join(' · ')}
      </p>
      <p className="fyr-plain fyr-search-passage">
        {markedPieces(glance.text, glance.marks).map(({ text, mark }, place) =>
          mark === undefined ? (
            <span key={place}>{text}</span>
          ) : (
            <mark key={place} className={mark.isDenied ? 'fyr-search-denied' : undefined}>
              {text}
            </mark>
          ),
        )}
      </p>
      <p className="fyr-plain fyr-subtle fyr-small">
        {[
          ...new Set(hit.why.map(({ asked, way, concept }) => t(`why-${way}`, { asked, concept: concept ?? asked }))),
        ].join(' · ')}
      </p>
    </article>
  );
}
