/** Times and texts as reports show them. */
import type { Language } from './words.ts';

/** For HTML, in text and in attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** As the clock on the wall in Norway tells it. */
export function timeIn(language: Language, at: number): string {
  const form = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'nb', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'Europe/Oslo',
  });
  return form.format(at);
}

export function lengthIn(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60
    ? `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
