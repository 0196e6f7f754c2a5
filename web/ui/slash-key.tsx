/**
 * `/` leads to where one searches: the box in view, else the page of search, of the patient in view or of all. Who speaks to the machine, or hits keys by
 * chance, can put it off (WCAG 2.1.4); the choice stays in the browser.
 */
import { useEffect } from 'react';
import { matchPath, useLocation, useNavigate } from 'react-router';
import { placesOf } from '../session/places.ts';
import { useSignedIn } from '../session/queries.ts';

/** What a box says of itself, so that the key finds it. */
export const searchBox = { 'data-search-box': '', 'aria-keyshortcuts': '/' } as const;

const choice = 'fyr.slash';

export const isSlashOff = (): boolean => localStorage.getItem(choice) === 'off';

export function chooseSlash(isOn: boolean): void {
  if (isOn) localStorage.removeItem(choice);
  else localStorage.setItem(choice, 'off');
}

export default function SlashKey() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const session = useSignedIn();
  const maySearch = session !== undefined && placesOf(session).some(({ to }) => to === '/search');
  useEffect(() => {
    if (!maySearch) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isSlashOff()) return;
      if (isWriting(event.target) || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      const box = [...document.querySelectorAll<HTMLInputElement>('[data-search-box]')].find(
        (one) => one.offsetParent !== null,
      );
      const patient = matchPath('/patients/:patient/*', pathname)?.params.patient;
      if (box === undefined) void navigate(patient === undefined ? '/search' : `/patients/${patient}/search`);
      else {
        box.focus();
        box.select();
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [maySearch, navigate, pathname]);
  return null;
}

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
