/** One list of a patient's record: its name, its rows, when it was fetched, and what an empty list means. */
import { useQuery } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OfType, RecordQuery, TypeName } from './queries.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';

type CardProps<Type extends TypeName> = {
  title: string;
  area: string;
  query: RecordQuery<Type>;
  /** What is shown of the resources; nothing where none of them counts. */
  children: (resources: OfType<Type>[]) => ReactNode;
  empty?: string;
};

export function Card<Type extends TypeName>({ title, area, query, children, empty }: CardProps<Type>) {
  const { t } = useTranslation('record');
  const written = useWritten();
  const heading = useId();
  const result = useQuery(query);
  return (
    <section className={`fyr-card fyr-area-${area}`} aria-labelledby={heading}>
      <div className="fyr-card-head">
        <h2 id={heading}>{title}</h2>
        {result.dataUpdatedAt > 0 && (
          <span className="fyr-subtle fyr-small">
            {t('fetched', { time: written.time(new Date(result.dataUpdatedAt).toISOString()) })}
          </span>
        )}
      </div>
      <Loaded query={result}>
        {({ resources, isMore }) => (
          <>
            {children(resources) ?? <p className="fyr-subtle">{empty ?? t('not-recorded')}</p>}
            {isMore && <p className="fyr-subtle fyr-small">{t('more-than-shown')}</p>}
          </>
        )}
      </Loaded>
    </section>
  );
}
