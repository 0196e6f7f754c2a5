/** A form that is written in: what is typed is kept until it is sent, it is sent once, and nothing newer is written over. */
import { Button, InlineMessage } from '@navikt/ds-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FhirResource, Patient } from 'fhir/r4';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { isOvertaken, useAuthor, useRecordChange } from '../record/change.ts';
import { nameOf } from '../record/names.ts';
import { staysQuery } from '../record/queries.ts';
import { useWritten } from '../text/written.ts';
import { useDraftOf } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';
import { FormField } from './field.tsx';
import { isAsked, problemsOf, type Context, type FormKind, type Values } from './form-kind.ts';
import { NoteTemplate } from './note-template.tsx';
import { Versions } from './versions.tsx';
import { WarningPanel } from './warning-panel.tsx';

/** `version`: of what was read when one began to type; undefined for what is new. */
type Typed = { values: Values; version: string | undefined };
type WriteFormProps = { form: FormKind; patient: Patient; before: FhirResource | undefined };

export const draftAbout = (form: string, patient: string, id = ''): string => `write ${form} ${patient} ${id}`.trim();

export function WriteForm({ form, patient, before }: WriteFormProps) {
  const { t } = useTranslation('writing');
  const patientId = patient.id ?? '';
  const [initial] = useState((): Typed => typedOf(form, before));
  const draft = useDraftOf(draftAbout(form.name, patientId, before?.id), initial);
  const [wasTried, setWasTried] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const sending = useSending({ form, patientId, before, draft });
  const { values, version } = draft.value;
  const problems = wasTried ? problemsOf(form, values) : {};
  const write = (next: Values): void => draft.write({ values: next, version });
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setWasTried(true);
    if (Object.keys(problemsOf(form, values)).length > 0) return focusProblem(element.current);
    const way = ((event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null)?.value;
    sending.mutate({ ...values, ...form.ways?.find(({ name }) => name === way)?.adds });
  };
  if (before !== undefined && form.change && version !== before.meta?.versionId) {
    return (
      <Versions
        form={form}
        mine={values}
        theirs={form.change.read(before)}
        resource={before}
        settle={(settled) => draft.write({ values: settled, version: before.meta?.versionId })}
      />
    );
  }
  return (
    <form ref={element} onSubmit={send} className="fyr-card fyr-stack" noValidate autoComplete="off">
      <DraftNotice keptAt={draft.keptAt} forget={() => draft.forget()} />
      <div className={form.name === 'vitals' ? 'fyr-fields-beside' : 'fyr-stack'}>
        {form.fields
          .filter((field) => isAsked(field, values) && (before === undefined || !field.isOnlyNew))
          .map((field) => (
            <FormField
              key={field.name}
              field={field}
              values={values}
              problem={problems[field.name]}
              write={(value) => write({ ...values, [field.name]: value })}
            />
          ))}
      </div>
      {form.name === 'vitals' && <WarningPanel patient={patient} values={values} />}
      {form.name === 'note' && before === undefined && <NoteTemplate values={values} write={write} />}
      {Object.keys(problems).length > 0 && <InlineMessage status="error">{t('problems')}</InlineMessage>}
      <Problem error={isOvertaken(sending.error) ? null : sending.error} />
      <div className="fyr-row">
        <Ways form={form} name={nameOf(patient.name)} isPending={sending.isPending} />
      </div>
    </form>
  );
}

function DraftNotice({ keptAt, forget }: { keptAt: number | undefined; forget: () => void }) {
  const { t } = useTranslation('writing');
  const written = useWritten();
  if (keptAt === undefined) return null;
  return (
    <p className="fyr-plain fyr-small fyr-subtle" role="status">
      {t('draft-kept', { when: written.when(new Date(keptAt).toISOString()) })}{' '}
      <Button type="button" size="xsmall" variant="tertiary" onClick={forget}>
        {t('draft-forget')}
      </Button>
    </p>
  );
}

/** The most comes first: to sign, rather than to put aside. */
function Ways({ form, name: whose, isPending }: { form: FormKind; name: string; isPending: boolean }) {
  const { t } = useTranslation('writing');
  return (form.ways ?? [{ name: 'save' }]).toReversed().map(({ name }, at) => (
    <Button
      key={name}
      type="submit"
      value={name}
      size="small"
      variant={at === 0 ? 'primary' : 'secondary'}
      loading={isPending}
    >
      {t(`way-${name}`, { name: whose })}
    </Button>
  ));
}

function typedOf({ change, empty }: FormKind, before: FhirResource | undefined): Typed {
  return before === undefined || change === undefined
    ? { values: empty(Date.now()), version: undefined }
    : { values: change.read(before), version: before.meta?.versionId };
}

type Sending = {
  form: FormKind;
  patientId: string;
  before: FhirResource | undefined;
  draft: ReturnType<typeof useDraftOf<Typed>>;
};

function useSending({ form, patientId, before, draft }: Sending) {
  const record = useRecordChange();
  const author = useAuthor();
  const stay = useQuery(staysQuery(patientId)).data?.resources[0];
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (values: Values) => {
      const context: Context = {
        subject: { reference: `Patient/${patientId}` },
        author,
        encounter: stay === undefined ? undefined : { reference: `Encounter/${stay.id}` },
        first: `urn:uuid:${draft.id}`,
        now: new Date().toISOString(),
      };
      if (before === undefined || form.change === undefined)
        return record.create(patientId, form.resources(values, context), draft.id);
      return record.update(form.change.write(before, values, context));
    },
    onSuccess: async () => {
      draft.forget();
      await navigate(`/patients/${patientId}/${form.seenOn}`.replace(/\/\.$/, ''));
    },
    onError: async (error) => {
      // What stands there now is read: then both are shown.
      if (isOvertaken(error)) await queries.invalidateQueries({ queryKey: ['record', patientId] });
    },
  });
}

/** To the first field with a problem, which is read aloud with it. */
function focusProblem(form: HTMLFormElement | null): void {
  setTimeout(() => form?.querySelector<HTMLElement>('[aria-invalid="true"], [aria-invalid] input')?.focus());
}
