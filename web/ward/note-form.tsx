/** A note, as it is signed by the one who writes it. */
import { Textarea, TextField } from '@navikt/ds-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormFrame, useMoment, type FormProps } from './form-parts.tsx';
import { useKeeper } from './keeper-context.ts';

export function NoteForm({ sheet, onSave, onCancel }: FormProps) {
  const { t } = useTranslation('ward');
  const { person } = useKeeper().state;
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const moment = useMoment(isChecked);
  const send = (): void => {
    setIsChecked(true);
    const at = moment.at();
    if (title.trim() === '' || text.trim() === '' || at === undefined) return;
    setIsPending(true);
    const by = person?.name ?? '';
    void onSave({
      kind: 'note',
      patient: sheet.patient,
      at,
      by,
      title: title.trim(),
      text: text.trim(),
    }).finally(() => setIsPending(false));
  };
  return (
    <FormFrame title={t('write-note')} name={sheet.name} isPending={isPending} onSend={send} onCancel={onCancel}>
      <TextField
        size="small"
        label={t('note-title')}
        value={title}
        maxLength={120}
        onChange={(event) => setTitle(event.target.value)}
        error={isChecked && title.trim() === '' && t('note-title-lacks')}
      />
      <Textarea
        size="small"
        label={t('note-text')}
        value={text}
        maxLength={20_000}
        minRows={4}
        onChange={(event) => setText(event.target.value)}
        error={isChecked && text.trim() === '' && t('note-text-lacks')}
      />
      {moment.field}
    </FormFrame>
  );
}
