/** What the ward's forms share: the frame, when it was, and the buttons that say where it goes. */
import { Button } from '@navikt/ds-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaptureEntry } from '#continuity/ward-browser/contract.ts';
import type { PatientSheet } from '#continuity/packs/contract.ts';
import { instantOf, typedOf } from '../text/typed-time.ts';
import { TimeField } from '../ui/time-field.tsx';
import { useKeeper } from './keeper-context.ts';

export type FormProps = { sheet: PatientSheet; onSave: (entry: CaptureEntry) => Promise<void>; onCancel: () => void };

type FormFrameProps = {
  title: string;
  name: string;
  isPending: boolean;
  onSend: () => void;
  onCancel: () => void;
  children: ReactNode;
};

export function FormFrame({ title, name, isPending, onSend, onCancel, children }: FormFrameProps) {
  const { t } = useTranslation('ward');
  const { contact } = useKeeper().state;
  return (
    <form
      className="fyr-card fyr-stack fyr-ward-form"
      noValidate
      aria-label={`${title}, ${name}`}
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      <h2>
        {title} · {name}
      </h2>
      {children}
      <div className="fyr-row">
        <Button type="submit" loading={isPending}>
          {t(contact === 'node' ? 'save' : 'save-here')}
        </Button>
        <Button type="button" variant="tertiary" onClick={onCancel}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  );
}

export type Moment = {
  field: ReactNode;
  /** ISO 8601; undefined: what is typed is no time, or lies in the future. */
  at(): string | undefined;
};

/** When it was: now, until somebody says otherwise. */
export function useMoment(isChecked: boolean): Moment {
  const { t } = useTranslation('ward');
  const [typed, setTyped] = useState(() => typedOf(Date.now()));
  const [isTouched, setIsTouched] = useState(false);
  const at = (): string | undefined => {
    const instant = isTouched ? instantOf(typed) : Date.now();
    return instant === undefined || instant > Date.now() + 60_000 ? undefined : new Date(instant).toISOString();
  };
  const field = (
    <TimeField
      size="small"
      className="fyr-short"
      label={t('when')}
      value={typed}
      onTyped={(value) => {
        setTyped(value);
        setIsTouched(true);
      }}
      error={isChecked && at() === undefined && t('when-wrong')}
    />
  );
  return { field, at };
}

/** `38,4` and `38.4`; undefined for what is no number. */
export function numberIn(typed: string): number | undefined {
  const plain = typed.trim().replace(',', '.');
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}
