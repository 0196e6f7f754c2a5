/** The headings that a kind of note has, put in below what is written already. */
import { Button } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import type { Values } from './form-kind.ts';

export function NoteTemplate({ values, write }: { values: Values; write: (values: Values) => void }) {
  const { t } = useTranslation('writing');
  const kind = values['note-kind'] ?? '';
  if (kind === '') return null;
  const put = (): void => {
    const text = [(values['text'] ?? '').trimEnd(), t(`template-${kind}`)].filter(Boolean).join('\n\n');
    const title = (values['title'] ?? '').trim() === '' ? t(`option-note-kind-${kind}`) : (values['title'] ?? '');
    write({ ...values, title, text });
  };
  return (
    <div>
      <Button type="button" size="small" variant="secondary" onClick={put}>
        {t('use-template')}
      </Button>
    </div>
  );
}
