/** Somebody has written meanwhile: both versions side by side, element by element, and the choice of one of them for each. */
import { Button, Heading, Radio, RadioGroup } from '@navikt/ds-react';
import type { FhirResource } from 'fhir/r4';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWritten } from '../text/written.ts';
import { partyIn } from '../record/party.ts';
import { codedIn } from './coded.ts';
import { isAsked, type Field, type FormKind, type Values } from './form-kind.ts';

type VersionsProps = {
  form: FormKind;
  mine: Values;
  theirs: Values;
  /** What stands in the record now. */
  resource: FhirResource;
  settle: (values: Values) => void;
};

export function Versions({ form, mine, theirs, resource, settle }: VersionsProps) {
  const { t } = useTranslation('writing');
  const written = useWritten();
  const [chosen, setChosen] = useState<Readonly<Record<string, 'mine' | 'theirs'>>>({});
  const differing = form.fields.filter(
    (field) =>
      !field.isAid &&
      (mine[field.name] ?? '') !== (theirs[field.name] ?? '') &&
      (isAsked(field, mine) || isAsked(field, theirs)),
  );
  const isSettled = differing.every(({ name }) => chosen[name] !== undefined);
  const who = writerOf(resource);
  const when = written.when(resource.meta?.lastUpdated);
  const done = (): void => {
    const kept = differing.filter(({ name }) => chosen[name] === 'mine').map(({ name }) => [name, mine[name] ?? '']);
    settle({ ...theirs, ...(Object.fromEntries(kept) as Values) });
  };
  return (
    <section className="fyr-card fyr-stack" role="alert">
      <Heading size="small" level="3">
        {t('two-versions')}
      </Heading>
      <p className="fyr-plain">
        {who === undefined ? t('changed-meanwhile', { when }) : t('changed-by', { who, when })}
      </p>
      {differing.length === 0 && <p className="fyr-plain">{t('same-anyway')}</p>}
      {differing.map((field) => (
        <RadioGroup
          key={field.name}
          size="small"
          legend={t(`field-${field.name}`)}
          value={chosen[field.name] ?? ''}
          onChange={(side: 'mine' | 'theirs') => setChosen({ ...chosen, [field.name]: side })}
        >
          <div className="fyr-two">
            <Radio value="theirs">
              <Side title={t('in-record')} field={field} value={theirs[field.name]} />
            </Radio>
            <Radio value="mine">
              <Side title={t('yours')} field={field} value={mine[field.name]} />
            </Radio>
          </div>
        </RadioGroup>
      ))}
      <p className="fyr-plain fyr-subtle">{t('versions-follow')}</p>
      <div className="fyr-row">
        <Button type="button" disabled={!isSettled} onClick={done}>
          {t('go-on')}
        </Button>
        <Button type="button" variant="tertiary" onClick={() => settle(theirs)}>
          {t('take-theirs')}
        </Button>
      </div>
    </section>
  );
}

function Side({ title, field, value }: { title: string; field: Field; value: string | undefined }) {
  const { t } = useTranslation('writing');
  const text = value ?? '';
  const isChosen = field.kind === 'choice' || field.kind === 'select';
  return (
    <span>
      <span className="fyr-subtle fyr-small">{title}</span>
      <br />
      <span className="fyr-kept-lines">
        {text === '' ? t('nothing') : isChosen ? t(`option-${field.name}-${text}`) : saidBy(field, text)}
      </span>
    </span>
  );
}

function saidBy({ kind }: Field, text: string): string {
  return kind === 'party' ? (partyIn(text)?.display ?? '') : codedIn(text).text;
}

/** Who is told to have written it, by the type's own element. */
function writerOf(resource: FhirResource): string | undefined {
  switch (resource.resourceType) {
    case 'AllergyIntolerance':
    case 'Condition':
      return resource.recorder?.display;
    case 'Flag':
      return resource.author?.display;
    case 'MedicationStatement':
      return resource.informationSource?.display;
    case 'DocumentReference':
      return resource.authenticator?.display ?? resource.author?.[0]?.display;
    default:
      return undefined;
  }
}
