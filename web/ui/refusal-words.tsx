/** A refusal in the reader's language: the node's own words where they are in it, else what kind it is, and the node's words after it. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '../session/ask.ts';
import { useLanguage } from '../text/texts.ts';
import { isEnglish, wordsFor } from './said.ts';

export function RefusalWords({ refusal: { status, message } }: { refusal: Refusal }): ReactNode {
  const { t } = useTranslation('ui');
  const language = useLanguage();
  if (language === 'en' || !isEnglish(message)) return message;
  return (
    <>
      {t(`refused-${wordsFor(status)}`)}{' '}
      <span lang="en" className="fyr-subtle fyr-small">
        {message}
      </span>
    </>
  );
}
