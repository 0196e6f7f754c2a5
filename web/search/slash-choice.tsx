/** Whether the key `/` leads to where one searches. */
import { Checkbox } from '@navikt/ds-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { chooseSlash, isSlashOff } from '../ui/slash-key.tsx';

export function SlashChoice() {
  const { t } = useTranslation('ui');
  const [isOn, setIsOn] = useState(() => !isSlashOff());
  return (
    <Checkbox
      size="small"
      checked={isOn}
      onChange={({ target }) => {
        chooseSlash(target.checked);
        setIsOn(target.checked);
      }}
    >
      {t('slash')}
    </Checkbox>
  );
}
