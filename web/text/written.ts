/** Dates, times and numbers as each language writes them, in Norwegian time wherever the browser is. The one place that knows. */
import { useMemo } from 'react';
import { useLanguage, type Language } from './texts.ts';

const timeZone = 'Europe/Oslo';
const locales: Record<Language, string> = { nb: 'nb-NO', nn: 'nn-NO', en: 'en-GB' };
const dayMs = 86_400_000;

export type Written = {
  /** `23. november 2026`; of a FHIR date without day or month what there is. */
  date(of: string | undefined): string;
  /** `14.19`, in English `14:19` */
  time(of: string): string;
  /** `i dag kl. 14.19`, `i går kl. 08.05`, `mandag 16. november kl. 09.30`, with the year where it is another. */
  when(of: string | undefined): string;
  /** In a narrow column: `07.00` today, `i går 17.40`, `i morgen 08.00`, `16.11.`, `16.11.2025`. */
  briefly(of: string | undefined): string;
  number(of: number): string;
  list(of: readonly string[]): string;
};

/** @param now milliseconds since 1970: what `i dag` is counted from, asked each time, since pages stay open over midnight */
export function writtenIn(language: Language, now: () => number = Date.now): Written {
  const locale = locales[language];
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const long = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const longOfYear = format({ weekday: 'long', day: 'numeric', month: 'long' });
  const short = format({ day: '2-digit', month: '2-digit', year: 'numeric' });
  const shortOfYear = format({ day: '2-digit', month: '2-digit' });
  const year = format({ year: 'numeric' });
  const isOfThisYear = (at: Date): boolean => year.format(at) === year.format(now());
  const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const time = (of: string): string => {
    const said = clock.format(new Date(of));
    return language === 'en' ? said : said.replace(':', '.');
  };
  const date = (of: string | undefined): string => partialDate(of, format, long);
  return {
    date,
    time,
    briefly(of) {
      if (of === undefined || of.length < 10) return date(of);
      const at = new Date(of);
      const days = dayNumber(at.getTime()) - dayNumber(now());
      if (of.includes('T') && days === 0) return time(of);
      if (of.includes('T') && Math.abs(days) === 1) return `${relative.format(days, 'day')} ${time(of)}`;
      return (isOfThisYear(at) ? shortOfYear : short).format(at);
    },
    number: (of) => numbers.format(of),
    list: (of) => lists.format(of),
    when(of) {
      if (of === undefined) return '';
      if (!of.includes('T')) return date(of);
      const at = new Date(of);
      const days = dayNumber(at.getTime()) - dayNumber(now());
      const day =
        Math.abs(days) <= 1 ? relative.format(days, 'day') : isOfThisYear(at) ? longOfYear.format(at) : long.format(at);
      return language === 'en' ? `${day} at ${time(of)}` : `${day} kl. ${time(of)}`;
    },
  };
}

function partialDate(
  of: string | undefined,
  format: (options: Intl.DateTimeFormatOptions) => Intl.DateTimeFormat,
  long: Intl.DateTimeFormat,
): string {
  if (of === undefined || of === '') return '';
  if (of.length === 4) return of;
  if (of.length === 7) return format({ month: 'long', year: 'numeric' }).format(new Date(`${of}-15T12:00:00Z`));
  return long.format(new Date(of.length === 10 ? `${of}T12:00:00Z` : of));
}

const norwegianDay = new Intl.DateTimeFormat('sv-SE', { timeZone });

/** Days since 1970 in Norwegian time. */
function dayNumber(ms: number): number {
  return Math.round(Date.parse(norwegianDay.format(ms)) / dayMs);
}

export function useWritten(): Written {
  const language = useLanguage();
  return useMemo(() => writtenIn(language), [language]);
}
