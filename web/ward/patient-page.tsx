/** One patient's sheet: who it is and what is dangerous first, then what is due and how it goes. What is captured here stands beside it until it is in the record. */
import { Button, Heading } from '@navikt/ds-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { CaptureEntry, CaptureKind } from '#continuity/ward-browser/contract.ts';
import type { PatientSheet } from '#continuity/packs/contract.ts';
import { DangerHead } from './danger-head.tsx';
import { DoseForm } from './dose-form.tsx';
import { useKeeper } from './keeper-context.ts';
import { NoteForm } from './note-form.tsx';
import { OwnCaptures } from './own-captures.tsx';
import { SheetParts } from './sheet-parts.tsx';
import { VitalsForm } from './vitals-form.tsx';

export function PatientPage() {
  const { t } = useTranslation('ward');
  const { ward: id = '', patient = '' } = useParams();
  const { keeper, state } = useKeeper();
  const { contact, phase } = state;
  useEffect(() => void keeper.open(id), [keeper, id, contact, phase]);
  const ward = state.ward?.ward === id ? state.ward : undefined;
  const sheet = ward?.patients.find((one) => one.patient === patient);
  if (sheet === undefined)
    return (
      <>
        <Heading size="large" level="1">
          {t('patient')}
        </Heading>
        <p>{t(ward === undefined ? (contact === 'gone' ? 'ward-not-kept' : 'ward-coming') : 'patient-not-here')}</p>
        <Link to={`/${id}`}>{t('to-ward')}</Link>
      </>
    );
  return <Shown key={patient} sheet={sheet} ward={id} />;
}

const forms = ['vitals', 'doses', 'note'] as const satisfies readonly CaptureKind[];

function Shown({ sheet, ward }: { sheet: PatientSheet; ward: string }) {
  const { t } = useTranslation('ward');
  const { keeper } = useKeeper();
  const [form, setForm] = useState<CaptureKind>();
  const [request, setRequest] = useState<string>();
  const { name, patient, isBlocked } = sheet;
  const save = async (entry: CaptureEntry): Promise<void> => {
    await keeper.capture(entry, name);
    setForm(undefined);
  };
  const give = (medicine: string): void => {
    setRequest(medicine);
    setForm('doses');
  };
  const shared = { sheet, onSave: save, onCancel: () => setForm(undefined) };
  return (
    <>
      <title>{name}</title>
      <DangerHead sheet={sheet} />
      <div className="fyr-row fyr-row-apart fyr-row-middle">
        <Link to={`/${ward}`}>{t('to-ward')}</Link>
        <div className="fyr-row" role="group" aria-label={t('write')}>
          {forms.map((kind) => (
            <Button
              key={kind}
              size="small"
              variant={form === kind ? 'primary' : 'secondary'}
              aria-expanded={form === kind}
              onClick={() => {
                setRequest(undefined);
                setForm(form === kind ? undefined : kind);
              }}
            >
              {t(`write-${kind}`)}
            </Button>
          ))}
        </div>
      </div>
      {form === 'vitals' && <VitalsForm {...shared} />}
      {form === 'doses' && <DoseForm key={request} {...shared} request={request} />}
      {form === 'note' && <NoteForm {...shared} />}
      <OwnCaptures patient={patient} />
      {isBlocked ? <p className="fyr-plain">{t('blocked-more')}</p> : <SheetParts sheet={sheet} onGive={give} />}
    </>
  );
}
