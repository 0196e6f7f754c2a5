/** Whom something is for: a colleague chosen from the department, or a unit found by its name. */
import { Button, Select, TextField } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { colleaguesQuery, unitsQuery } from '../record/colleagues.ts';
import { partyIn, partyValue } from '../record/party.ts';
import { useSignedIn } from '../session/queries.ts';

type PartyFieldProps = {
  size: 'small';
  label: string;
  from: 'colleagues' | 'units';
  value: string;
  error: string | undefined;
  write: (value: string) => void;
};

export function PartyField({ from, ...field }: PartyFieldProps) {
  return from === 'colleagues' ? <Colleague {...field} /> : <Unit {...field} />;
}

function Colleague({ value, write, ...shared }: Omit<PartyFieldProps, 'from'>) {
  const { t } = useTranslation('writing');
  const role = useSignedIn()?.role?.practitionerRole ?? '';
  const found = useQuery(colleaguesQuery(role)).data ?? [];
  const known = found.map(partyValue);
  const chosen = partyIn(value);
  return (
    <Select {...shared} className="fyr-field-select" value={value} onChange={({ target }) => write(target.value)}>
      <option value="">{t('nobody-else')}</option>
      {chosen !== undefined && !known.includes(value) && <option value={value}>{chosen.display}</option>}
      {found.map((one) => (
        <option key={one.reference} value={partyValue(one)}>
          {one.display}
        </option>
      ))}
    </Select>
  );
}

function Unit({ value, write, ...shared }: Omit<PartyFieldProps, 'from'>) {
  const { t } = useTranslation('writing');
  const chosen = partyIn(value);
  const words = useDeferredValue(chosen?.reference === undefined ? (chosen?.display ?? '').trim() : '');
  const { data: units = [] } = useQuery(unitsQuery(words));
  return (
    <div>
      <TextField
        {...shared}
        description={t('unit-hint')}
        autoComplete="off"
        maxLength={120}
        value={chosen?.display ?? ''}
        onChange={({ target }) => write(target.value)}
      />
      {units.length > 0 && (
        <ul className="fyr-plain fyr-codes" aria-label={t('units-found')}>
          {units.map((one) => (
            <li key={one.reference}>
              <Button type="button" size="small" variant="tertiary" onClick={() => write(partyValue(one))}>
                {one.display}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
