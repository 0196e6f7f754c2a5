/** A word of the record with what it says in the code lists that it was taken from: asked for, not in the way. */
import type { CodeableConcept } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { wordsOf } from '../record/words.ts';

/** Code lists by what people call them. */
const lists: readonly (readonly [system: RegExp, name: string])[] = [
  [/7110$/, 'ICD-10'],
  [/7170$/, 'ICPC-2'],
  [/7280$|npu/i, 'NPU'],
  [/7180$|atc/i, 'ATC'],
  [/loinc/, 'LOINC'],
  [/snomed/, 'SNOMED CT'],
  [/\.7\d{3}$|\.8\d{3}$/, 'Volven'],
];

export function Explained({ concept, children }: { concept: CodeableConcept | undefined; children?: React.ReactNode }) {
  const { t } = useTranslation('health');
  const own = wordsOf(concept);
  const codings = (concept?.coding ?? []).filter(({ code, display }) => code !== undefined || display !== undefined);
  if (codings.length === 0 && children === undefined) return null;
  return (
    <details className="fyr-explained fyr-not-on-paper">
      <summary>
        {t('means')} <span className="fyr-unseen">{own}</span>
      </summary>
      <div className="fyr-small">
        {children}
        {codings.map(({ system, code, display }) => (
          <p key={`${system}|${code}`} className="fyr-plain">
            {t('in-list', {
              list: lists.find(([pattern]) => pattern.test(system ?? ''))?.[1] ?? t('a-list'),
              code: code ?? '',
              words: display ?? own,
            })}
          </p>
        ))}
      </div>
    </details>
  );
}

/** That the citizen said so. */
export function OwnMark() {
  const { t } = useTranslation('health');
  return <span className="fyr-subtle fyr-small"> · {t('own')}</span>;
}
