/** Referrals to the department that nobody has assessed: accepted, sent on or returned, with a reason. */
import { Button, InlineMessage, Radio, RadioGroup, Select, Textarea } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAuthor, useRecordChange } from '../record/change.ts';
import { siblingUnitsQuery } from '../record/colleagues.ts';
import { listedNameOf } from '../record/names.ts';
import { partyIn, partyValue } from '../record/party.ts';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { useDraftOf } from '../ui/draft.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Problem } from '../ui/problem.tsx';
import { referralsQuery } from './queries.ts';
import { assessed, assessments, deadlineOf, type Assessment, type Referral } from './referrals.ts';
import { Haste } from './tasks.tsx';

export function Referrals({ role }: { role: string }) {
  const { t } = useTranslation('work');
  const query = useQuery(referralsQuery(role));
  return (
    <section className="fyr-card">
      <h2>{t('referrals')}</h2>
      <Loaded query={query}>
        {(referrals) =>
          referrals.length === 0 ? (
            <p className="fyr-plain fyr-subtle">{t('none-referrals')}</p>
          ) : (
            <ul className="fyr-plain fyr-rows">
              {referrals.map((one) => (
                <li key={one.resource.id}>
                  <Row referral={one} role={role} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function Row({ referral, role }: { referral: Referral; role: string }) {
  const { t } = useTranslation('work');
  const written = useWritten();
  const [isOpen, setIsOpen] = useState(false);
  const { resource, patient } = referral;
  const [deadline, care] = [deadlineOf(referral), resource.occurrencePeriod?.end];
  const title = wordsOf(resource.code);
  return (
    <div className="fyr-stack">
      <div className="fyr-row fyr-row-middle fyr-row-apart">
        <div>
          <div className="fyr-row fyr-row-middle">
            {patient ? <Link to={`/patients/${patient.id}/orders`}>{title}</Link> : <span>{title}</span>}
            <Haste priority={resource.priority} />
          </div>
          <div className="fyr-subtle fyr-small">
            {[
              patient && listedNameOf(patient.name),
              resource.requester?.display && t('from', { name: resource.requester.display }),
              written.date(resource.authoredOn?.slice(0, 10)),
              deadline.startsWith('9999') ? undefined : t('assess-by', { when: written.date(deadline.slice(0, 10)) }),
              care === undefined ? undefined : t('care-by', { when: written.date(care.slice(0, 10)) }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </div>
          {resource.reasonCode?.[0] && <div>{wordsOf(resource.reasonCode[0])}</div>}
        </div>
        <Button size="small" variant="secondary" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t('assess')} <span className="fyr-unseen">{title}</span>
        </Button>
      </div>
      {isOpen && <Assess referral={referral} role={role} />}
    </div>
  );
}

type Typed = { how: Assessment | ''; reason: string; unit: string };

function Assess({ referral, role }: { referral: Referral; role: string }) {
  const { t } = useTranslation('work');
  const { resource } = referral;
  const patient = resource.subject.reference?.replace('Patient/', '') ?? '';
  const draft = useDraftOf<Typed>(`assess ${resource.id}`, { how: '', reason: '', unit: '' });
  const { how, reason, unit } = draft.value;
  const record = useRecordChange();
  const author = useAuthor();
  const [problem, setProblem] = useState('');
  const say = (more: Partial<Typed>): void => draft.write({ ...draft.value, ...more });
  const sending = useMutation({
    mutationFn: (chosen: Assessment) => {
      const told = { how: chosen, reason: reason.trim(), unit: partyIn(unit) };
      return record.together(patient, assessed(referral, told, author, new Date().toISOString()), draft.id);
    },
    onSuccess: () => draft.forget(),
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    const lacks = lackIn(draft.value);
    setProblem(lacks);
    if (lacks === '' && how !== '') sending.mutate(how);
  };
  return (
    <form onSubmit={send} className="fyr-stack fyr-narrow-left" noValidate>
      <RadioGroup
        size="small"
        legend={t('assessment')}
        value={how}
        error={problem === 'choose' ? t('lacks-choose') : undefined}
        onChange={(value: Assessment) => say({ how: value })}
      >
        {assessments.map((one) => (
          <Radio key={one} value={one}>
            {t(`assess-${one}`)}
          </Radio>
        ))}
      </RadioGroup>
      {how === 'redirect' && (
        <OtherUnit role={role} unit={unit} lacks={problem === 'unit'} say={(value) => say({ unit: value })} />
      )}
      <Textarea
        size="small"
        label={t(how === 'accept' || how === '' ? 'reason-optional' : 'reason')}
        minRows={2}
        maxLength={2000}
        value={reason}
        error={problem === 'reason' ? t('lacks-reason') : undefined}
        onChange={({ target }) => say({ reason: target.value })}
      />
      {how !== '' && <InlineMessage status="info">{t(`follows-${how}`)}</InlineMessage>}
      <Problem error={sending.error} />
      <div>
        <Button size="small" type="submit" loading={sending.isPending}>
          {t('assess-send')}
        </Button>
      </div>
    </form>
  );
}

function lackIn({ how, reason, unit }: Typed): string {
  if (how === '') return 'choose';
  if (how === 'redirect' && unit === '') return 'unit';
  return how !== 'accept' && reason.trim() === '' ? 'reason' : '';
}

type OtherUnitProps = { role: string; unit: string; lacks: boolean; say: (unit: string) => void };

function OtherUnit({ role, unit, lacks, say }: OtherUnitProps) {
  const { t } = useTranslation('work');
  const units = useQuery(siblingUnitsQuery(role)).data ?? [];
  return (
    <Select
      size="small"
      label={t('other-unit')}
      value={unit}
      error={lacks ? t('lacks-unit') : undefined}
      onChange={({ target }) => say(target.value)}
    >
      <option value="">{t('choose-unit')}</option>
      {units.map((one) => (
        <option key={one.reference} value={partyValue(one)}>
          {one.display}
        </option>
      ))}
    </Select>
  );
}
