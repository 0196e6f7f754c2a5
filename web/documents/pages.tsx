/** A document as it came, page by page, beside its text: what was looked for is marked, and leads to the page that has it. */
import { BodyLong, Button, Loader, ReadMore } from '@navikt/ds-react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentTextView, PagesView } from '#services/documents/contract.ts';
import { askJson, Refusal } from '../session/ask.ts';
import { pieces, placeOfPassage, type Sought } from './found.ts';
import { MarkedText } from './marked-text.tsx';

/** `null` where there is none. */
async function orNone<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal && [404, 409, 415, 422].includes(error.status)) return null;
    throw error;
  }
}

const pagesQuery = (patient: string, id: string) =>
  queryOptions({
    queryKey: ['record', patient, 'pages', id],
    queryFn: ({ signal }) => orNone(askJson<PagesView>(`/api/documents/${id}/pages`, { signal })),
    staleTime: 300_000,
  });

const textQuery = (patient: string, id: string) =>
  queryOptions({
    queryKey: ['record', patient, 'document-text', id],
    queryFn: ({ signal }) => orNone(askJson<DocumentTextView>(`/api/documents/${id}/text`, { signal })),
    staleTime: 60_000,
    // What has just come is still being read: soon for most, a minute for what was scanned.
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      data === null && dataUpdateCount <= textLooks ? 1000 * 2 ** (dataUpdateCount - 1) : false,
  });

const textLooks = 6;

type PagesProps = {
  patient: string;
  id: string;
  title: string;
  contentType: string;
  sought: Sought;
  passage: string | undefined;
};

export function Pages({ patient, id, title, contentType, sought, passage }: PagesProps) {
  const { t } = useTranslation('documents');
  const pages = useQuery(pagesQuery(patient, id));
  const text = useQuery(textQuery(patient, id));
  const [chosen, setPage] = useState<number>();
  if (pages.isPending || text.isPending) return <Loader title={t('loading')} />;
  const count = pages.data?.pages ?? 0;
  const page = chosen ?? pageOfPassage(text.data, passage);
  if (count === 0 && !text.data?.text) return <BodyLong>{t('not-shown', { type: contentType })}</BodyLong>;
  return (
    <div className="fyr-document-pages">
      {count > 0 && (
        <div className="fyr-stack">
          <img src={`/api/documents/${id}/pages/${page}`} alt={t('page-of', { title, page, count })} />
          {count > 1 && (
            <div className="fyr-row fyr-row-middle fyr-not-on-paper">
              <Button size="small" variant="secondary" disabled={page === 1} onClick={() => setPage(page - 1)}>
                {t('page-before')}
              </Button>
              <span role="status">{t('page', { page, count })}</span>
              <Button size="small" variant="secondary" disabled={page === count} onClick={() => setPage(page + 1)}>
                {t('page-next')}
              </Button>
            </div>
          )}
        </div>
      )}
      {text.data?.text ? (
        <Text read={text.data} sought={sought} passage={passage} page={page} show={setPage} />
      ) : (
        <BodyLong className="fyr-subtle">{t('text-none')}</BodyLong>
      )}
    </div>
  );
}

/** The page that a search showed a passage of; else the first. */
function pageOfPassage(read: DocumentTextView | null | undefined, passage: string | undefined): number {
  if (!read || passage === undefined) return 1;
  const place = placeOfPassage(read.text, passage);
  return Math.max(1, read.pages.filter((start) => start <= place).length);
}

type TextProps = {
  read: DocumentTextView;
  sought: Sought;
  passage: string | undefined;
  page: number;
  show: (page: number) => void;
};

function Text({ read, sought, passage, page, show }: TextProps) {
  const { t } = useTranslation('documents');
  const { text, pages, language, source, confidence } = read;
  const opened = pageOfPassage(read, passage);
  const parts = pages.length === 0 ? [text] : pages.map((start, at) => text.slice(start, pages[at + 1]));
  return (
    <div>
      {source === 'ocr' && (
        <ReadMore header={t('read-off')} size="small">
          {t('read-off-more', { confidence: Math.round(confidence ?? 0) })}
        </ReadMore>
      )}
      {parts.map((part, at) => {
        const hasHit = pieces(part, sought).some(({ isHit }) => isHit);
        return (
          <div key={at} className={at + 1 === page ? undefined : 'fyr-document-other-page'}>
            {hasHit && at + 1 !== page && (
              <Button size="xsmall" variant="tertiary" onClick={() => show(at + 1)}>
                {t('hit-on', { page: at + 1 })}
              </Button>
            )}
            <MarkedText
              text={part}
              language={language === 'und' ? undefined : language}
              sought={sought}
              passage={at + 1 === opened ? passage : undefined}
            />
          </div>
        );
      })}
    </div>
  );
}
