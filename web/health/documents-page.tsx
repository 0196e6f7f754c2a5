/** Documents, newest first; each opens where it stands. */
import { BodyLong, Button, Heading } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import type { DocumentReference } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { documentTitle } from '../record/directory.ts';
import { contentQuery } from '../record/document-content.ts';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { DocumentBlock } from './document-block.tsx';
import { documentsQuery } from './queries.ts';
import { loaderOf, useWhose } from './whose.ts';

export const loader = loaderOf((queries, patient) => [queries.prefetchQuery(documentsQuery(patient))]);

export function Component() {
  const { t } = useTranslation('health');
  const patient = useWhose();
  const query = useQuery(documentsQuery(patient));
  const [address, setAddress] = useSearchParams();
  const open = address.get('document');
  const turn = (id: string): void =>
    setAddress(
      (now) => {
        if (open === id) now.delete('document');
        else now.set('document', id);
        return now;
      },
      { replace: true, preventScrollReset: true },
    );
  return (
    <>
      <title>{t('part-documents')}</title>
      <Heading size="xlarge" level="1">
        {t('part-documents')}
      </Heading>
      <Loaded query={query}>
        {({ resources }) =>
          resources.length === 0 ? (
            <BodyLong>{t('documents-none')}</BodyLong>
          ) : (
            <ul className="fyr-plain fyr-stack">
              {resources.map((one) => (
                <Document
                  key={one.id}
                  patient={patient}
                  document={one}
                  isOpen={open === one.id}
                  turn={() => turn(one.id ?? '')}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

type DocumentProps = { patient: string; document: DocumentReference; isOpen: boolean; turn: () => void };

function Document({ patient, document, isOpen, turn }: DocumentProps) {
  const { t } = useTranslation('health');
  const written = useWritten();
  const title = documentTitle(document);
  return (
    <li className="fyr-card">
      <div className="fyr-row fyr-row-middle fyr-row-apart">
        <div>
          <Heading size="xsmall" level="2">
            {title}
          </Heading>
          <div className="fyr-subtle fyr-small">
            {[wordsOf(document.type), written.when(document.date), document.author?.[0]?.display]
              .filter((one) => one !== title)
              .filter(Boolean)
              .join(' · ')}
          </div>
        </div>
        <Button size="small" variant="secondary" aria-expanded={isOpen} onClick={turn}>
          {t(isOpen ? 'close' : 'read')}
          <span className="fyr-unseen"> {title}</span>
        </Button>
      </div>
      {isOpen && <Contents patient={patient} document={document} />}
      {document.id !== undefined && <DocumentBlock document={document.id} title={title} isOpen={isOpen} />}
    </li>
  );
}

function Contents({ patient, document }: Pick<DocumentProps, 'patient' | 'document'>) {
  const { t } = useTranslation('health');
  const query = useQuery(contentQuery(patient, document));
  return (
    <Loaded query={query}>
      {(content) =>
        content === null || content === undefined ? (
          <BodyLong>{t('not-shown')}</BodyLong>
        ) : 'text' in content ? (
          <p className="fyr-reading" lang={document.content[0]?.attachment.language}>
            {content.text}
          </p>
        ) : (
          <img src={content.image} alt={documentTitle(document)} style={{ maxWidth: '100%' }} />
        )
      }
    </Loaded>
  );
}
