/** One document: what it is and from whom, its text with what was looked for marked, or its picture. */
import { Button, Heading, Tag } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import type { DocumentReference } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { cosignaturesOf } from '../record/cosign.ts';
import { documentTitle } from '../record/directory.ts';
import { contentQuery } from '../record/document-content.ts';
import { noteTextOf } from '../record/notes.ts';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Cosign } from './cosign.tsx';
import { Pages } from './pages.tsx';
import type { Sought } from './found.ts';
import { MarkedText } from './marked-text.tsx';

type ReaderProps = {
  patient: string;
  document: DocumentReference;
  sought: Sought;
  /** What a search showed of it: it is opened there. */
  passage: string | undefined;
};

export function Reader({ patient, document, sought, passage }: ReaderProps) {
  const { t } = useTranslation('documents');
  const written = useWritten();
  const query = useQuery(contentQuery(patient, document));
  const isNote = noteTextOf(document) !== undefined;
  return (
    <article className="fyr-card fyr-stack">
      <div>
        <Heading size="small" level="2">
          {documentTitle(document)}
        </Heading>
        <p className="fyr-plain fyr-subtle">
          {[
            wordsOf(document.type),
            written.when(document.date),
            document.author?.[0]?.display,
            document.custodian?.display,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <Signed document={document} />
        {isNote && <Cosign patient={patient} document={document} />}
      </div>
      <Loaded query={query}>
        {(content) =>
          content === null ? (
            <Pages
              patient={patient}
              id={document.id ?? ''}
              title={documentTitle(document)}
              contentType={document.content[0]?.attachment.contentType ?? '–'}
              sought={sought}
              passage={passage}
            />
          ) : content === undefined ? null : 'text' in content ? (
            <MarkedText
              text={content.text}
              language={document.content[0]?.attachment.language}
              sought={sought}
              passage={passage}
            />
          ) : (
            <img src={content.image} alt={documentTitle(document)} className="fyr-document-image" />
          )
        }
      </Loaded>
      <div className="fyr-row fyr-row-middle fyr-not-on-paper">
        {isNote && <Link to={`/patients/${patient}/write/note?id=${document.id}`}>{t('change-note')}</Link>}
        <Button size="small" variant="tertiary" onClick={() => window.print()}>
          {t('print')}
        </Button>
        <Link to={`/patients/${patient}/documents`} className="fyr-back">
          {t('back')}
        </Link>
      </div>
    </article>
  );
}

/** Whether somebody stands behind it. */
function Signed({ document }: { document: DocumentReference }) {
  const { t } = useTranslation('documents');
  const written = useWritten();
  const { docStatus, authenticator, meta } = document;
  if (docStatus === 'preliminary')
    return (
      <Tag size="small" data-color="warning">
        {t('unsigned')}
      </Tag>
    );
  if (authenticator?.display === undefined) return null;
  // The version is as young as its last signature: of the first there is no time any more.
  if (cosignaturesOf(document).length > 0)
    return <p className="fyr-plain fyr-small">{t('signed-first', { name: authenticator.display })}</p>;
  return (
    <p className="fyr-plain fyr-small">
      {t(docStatus === 'amended' ? 'amended-by' : 'signed-by', {
        name: authenticator.display,
        when: written.when(meta?.lastUpdated),
      })}
    </p>
  );
}
