/** Whom a sheet without a printed name is about: sought by name or number, chosen from what was found. */
import { Radio, RadioGroup, Search } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listedNameOf, personNumberOf } from '../record/names.ts';
import { useSignedIn } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { soughtQuery } from './queries.ts';

type PatientPickProps = { chosen: string; onChosen: (patient: string) => void; error: string | undefined };

export function PatientPick({ chosen, onChosen, error }: PatientPickProps) {
  const { t } = useTranslation('paper');
  const written = useWritten();
  const csrf = useSignedIn()?.csrf ?? '';
  const [typed, setTyped] = useState('');
  const [sought, setSought] = useState('');
  const query = useQuery(soughtQuery(sought, csrf));
  return (
    <div className="fyr-stack">
      <div
        role="search"
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          setSought(typed.trim());
        }}
      >
        <Search
          size="small"
          label={t('patient')}
          hideLabel={false}
          variant="secondary"
          value={typed}
          onChange={setTyped}
          onSearchClick={() => setSought(typed.trim())}
        />
      </div>
      {sought.length >= 2 && (
        <Loaded query={query}>
          {(patients) =>
            patients.length === 0 ? (
              <p className="fyr-plain">{t('patient-none')}</p>
            ) : (
              <RadioGroup size="small" legend={t('patient-which')} value={chosen} onChange={onChosen}>
                {patients.map(({ id = '', name, birthDate, identifier }) => (
                  <Radio key={id} value={id}>
                    {listedNameOf(name)}, {written.date(birthDate)}, {personNumberOf(identifier)}
                  </Radio>
                ))}
              </RadioGroup>
            )
          }
        </Loaded>
      )}
      <div role="alert">{error !== undefined && <p className="fyr-plain fyr-sign-critical">{error}</p>}</div>
    </div>
  );
}
