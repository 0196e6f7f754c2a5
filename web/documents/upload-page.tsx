/** Files into a patient's record: dragged, chosen, pasted or photographed; each is named, sent, and said how far it has come. */
import { BodyLong, Button, FileUpload, Heading, InlineMessage, ProgressBar, TextField } from '@navikt/ds-react';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useRef, useState, type ClipboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { nameOf } from '../record/names.ts';
import { patientQuery } from '../record/queries.ts';
import { useSignedIn } from '../session/queries.ts';
import { Problem } from '../ui/problem.tsx';
import { sendFile } from './send-file.ts';

type Chosen = { key: string; file: File };

const accepted = '.pdf,.png,.jpg,.jpeg,.tif,.tiff,.txt,.rtf,.html,.docx,.xml';

export function Component() {
  const { t } = useTranslation('documents');
  const { patient: id = '' } = useParams();
  const { data: patient } = useSuspenseQuery(patientQuery(id));
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const camera = useRef<HTMLInputElement>(null);
  const add = (files: readonly File[]): void =>
    setChosen((before) => [...before, ...files.map((file) => ({ key: crypto.randomUUID(), file }))]);
  const paste = ({ clipboardData }: ClipboardEvent): void => add([...clipboardData.files]);
  return (
    <div className="fyr-stack fyr-narrow-left" onPaste={paste}>
      <Heading size="small" level="2">
        {t('upload')} <span className="fyr-subtle">· {nameOf(patient.name)}</span>
      </Heading>
      <FileUpload.Dropzone
        label={t('upload-choose')}
        description={t('upload-more')}
        accept={accepted}
        onSelect={(files) => add(files.map(({ file }) => file))}
      />
      <div>
        <Button size="small" variant="secondary" onClick={() => camera.current?.click()}>
          {t('upload-camera')}
        </Button>
        <input
          ref={camera}
          type="file"
          accept="image/*"
          capture="environment"
          hidden
          aria-label={t('upload-camera')}
          onChange={({ target }) => {
            add([...(target.files ?? [])]);
            target.value = '';
          }}
        />
      </div>
      {chosen.map((one) => (
        <Sending
          key={one.key}
          patient={id}
          whose={nameOf(patient.name)}
          file={one.file}
          remove={() => setChosen((before) => before.filter(({ key }) => key !== one.key))}
        />
      ))}
      <p className="fyr-plain">
        <Link to={`/patients/${id}/documents`}>{t('back')}</Link>
      </p>
    </div>
  );
}

type SendingProps = { patient: string; whose: string; file: File; remove: () => void };

function Sending({ patient, whose, file, remove }: SendingProps) {
  const { t } = useTranslation('documents');
  const csrf = useSignedIn()?.csrf ?? '';
  const queries = useQueryClient();
  const [title, setTitle] = useState(file.name.replace(/\.[^.]*$/, '').slice(0, 200));
  const [part, setPart] = useState(0);
  const sending = useMutation({
    mutationFn: () => {
      const named = title.trim() === '' ? {} : { title: title.trim() };
      const about = { patient, ...named, fileName: file.name.slice(0, 255) };
      return sendFile({ file, about, csrf, onProgress: setPart });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['record', patient] }),
  });
  const kilobytes = Math.max(1, Math.round(file.size / 1000));
  if (sending.data)
    return (
      <InlineMessage status="success">
        {t('upload-done')} <Link to={`/patients/${patient}/documents/${sending.data.id}`}>{sending.data.title}</Link>
      </InlineMessage>
    );
  return (
    <section className="fyr-card fyr-stack" aria-label={file.name}>
      <TextField
        size="small"
        label={t('upload-title')}
        description={`${file.name} · ${t('upload-size', { kilobytes })}`}
        maxLength={200}
        value={title}
        onChange={({ target }) => setTitle(target.value)}
      />
      {sending.isPending && (
        <>
          <ProgressBar value={Math.round(part * 100)} valueMax={100} aria-label={t('upload-progress')} />
          {part === 1 && <BodyLong size="small">{t('upload-reading')}</BodyLong>}
        </>
      )}
      <Problem error={sending.error} />
      <div className="fyr-row">
        <Button size="small" loading={sending.isPending} onClick={() => sending.mutate()}>
          {t('upload-send', { name: whose })}
        </Button>
        <Button size="small" variant="tertiary" disabled={sending.isPending} onClick={remove}>
          {t('upload-remove')}
        </Button>
      </div>
    </section>
  );
}
