/** To write a new version: of each element that differs, whose it is to be. */
import { Radio, RadioGroup } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import type { ConflictShown } from '#continuity/conflicts/contract.ts';
import type { Picked } from './merged.ts';

type PickElementsProps = { shown: ConflictShown; picked: Picked; pick: (picked: Picked) => void };

export function PickElements({ shown: { elements, sides }, picked, pick }: PickElementsProps) {
  const { t } = useTranslation('conflicts');
  return (
    <div className="fyr-stack">
      {elements
        .filter(({ isDifferent }) => isDifferent)
        .map(({ element, texts }) => (
          <RadioGroup
            key={element}
            size="small"
            legend={element}
            value={picked[element] ?? -1}
            onChange={(at: number) => pick({ ...picked, [element]: at })}
          >
            {sides.map(({ versionId, node }, at) => (
              <Radio key={versionId} value={at}>
                {texts[at] || t('nothing')} <span className="fyr-subtle">({node})</span>
              </Radio>
            ))}
          </RadioGroup>
        ))}
    </div>
  );
}
