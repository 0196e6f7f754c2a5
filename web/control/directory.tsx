/** To find a person or a place by name, and choose one. */
import { Radio, RadioGroup, TextField } from '@navikt/ds-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { detailOf, directoryQuery, titleOf, type InDirectory } from '../record/directory.ts';

type DirectoryProps = {
  type: 'Practitioner' | 'Organization';
  chosen: InDirectory | undefined;
  choose: (one: InDirectory) => void;
};

export function Directory({ type, chosen, choose }: DirectoryProps) {
  const { t } = useTranslation('control');
  const [name, setName] = useState('');
  const sought = useDeferredValue(name.trim());
  const { data = [] } = useQuery({ ...directoryQuery(type, sought), placeholderData: keepPreviousData });
  const shown = sought.length < 2 ? [] : data;
  return (
    <>
      <TextField
        label={t(`find-${type}`)}
        description={t('find-hint')}
        value={name}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <div aria-live="polite">
        {sought.length >= 2 && shown.length === 0 && <p className="fyr-subtle">{t('find-none')}</p>}
        {shown.length > 0 && (
          <RadioGroup
            legend={t('find-choose')}
            size="small"
            value={chosen?.id ?? ''}
            onChange={(id: string) => {
              const one = shown.find((each) => each.id === id);
              if (one) choose(one);
            }}
          >
            {shown.map((one) => (
              <Radio key={one.id} value={one.id} description={detailOf(one)}>
                {titleOf(one)}
              </Radio>
            ))}
          </RadioGroup>
        )}
      </div>
    </>
  );
}
