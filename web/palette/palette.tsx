/** Ctrl-K: any page, anything to write about the patient in view, those looked at last, and any patient by name or number. */
import { Modal, TextField } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { matchPath, useLocation, useNavigate } from 'react-router';
import { foundQuery, recentQuery } from '../record/found-patients.ts';
import { listedNameOf, personNumberOf } from '../record/names.ts';
import { recentPatients } from '../record/recent.ts';
import { soughtIn } from '../record/sought.ts';
import { useWho } from '../record/use-age.ts';
import { placesOf } from '../session/places.ts';
import { useSignedIn } from '../session/queries.ts';
import { addTexts } from '../text/texts.ts';
import './palette.css';
import { texts } from './texts.ts';

type Target = { to: string; name: string; detail: string };

const ofPatient = ['overview', 'timeline', 'results', 'measurements', 'medicines', 'documents', 'log'] as const;
const written = ['vitals', 'note', 'allergy', 'critical', 'condition', 'medicine', 'task'] as const;
const shownMost = 12;

export default function Palette({ close }: { close: () => void }) {
  const { i18n } = useTranslation();
  if (!i18n.hasResourceBundle('nb', 'palette')) addTexts(i18n, 'palette', texts);
  return <Opened close={close} />;
}

function Opened({ close }: { close: () => void }) {
  const { t } = useTranslation('palette');
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  // The dialogue puts focus on its first button when it opens: one came here to type.
  useEffect(() => {
    const frame = requestAnimationFrame(() => field.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  const targets = useTargets(typed).slice(0, shownMost);
  const chosen = targets[Math.min(at, targets.length - 1)];
  const go = async (target: Target | undefined): Promise<void> => {
    if (target === undefined) return;
    close();
    await navigate(target.to);
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((now) => Math.max(0, Math.min(targets.length - 1, Math.min(now, targets.length - 1) + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      void go(chosen);
    }
  };
  const idOf = (target: Target): string => `${list} ${targets.indexOf(target)}`.replaceAll(' ', '-');
  return (
    <Modal open onClose={close} header={{ heading: t('go-to'), size: 'small' }} width="medium" closeOnBackdropClick>
      <Modal.Body>
        <TextField
          label={t('search')}
          hideLabel
          ref={field}
          autoComplete="off"
          role="combobox"
          aria-expanded
          aria-controls={list}
          {...(chosen ? { 'aria-activedescendant': idOf(chosen) } : {})}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
        <ul id={list} role="listbox" aria-label={t('go-to')} className="fyr-plain fyr-palette">
          {targets.map((target) => (
            <li
              key={target.to}
              id={idOf(target)}
              role="option"
              aria-selected={target === chosen}
              onClick={() => void go(target)}
            >
              {target.name} <span className="fyr-subtle fyr-small">{target.detail}</span>
            </li>
          ))}
        </ul>
        {targets.length === 0 && <p role="status">{t('none')}</p>}
      </Modal.Body>
    </Modal>
  );
}

function useTargets(typed: string): Target[] {
  const session = useSignedIn();
  const who = useWho();
  const words = useDeferredValue(typed.trim());
  const found = useQuery(foundQuery(soughtIn(words), session?.csrf ?? ''));
  const recent = useQuery(recentQuery(recentPatients(session?.id ?? '')));
  const patients = words === '' ? (recent.data ?? []) : (found.data?.patients ?? []);
  const pages = usePages().filter((one) => fits(one, words));
  const searches = useSearches(words);
  return [
    ...pages,
    ...patients.map((patient) => ({
      to: `/patients/${patient.id}`,
      name: listedNameOf(patient.name),
      detail: [who(patient), personNumberOf(patient.identifier)].filter(Boolean).join(' · '),
    })),
  ]
    .slice(0, shownMost - searches.length)
    .concat(searches);
}

/** What was typed, looked for in the record in view and in all. */
function useSearches(words: string): Target[] {
  const { t } = useTranslation('palette');
  const session = useSignedIn();
  const { pathname } = useLocation();
  const patient = matchPath('/patients/:patient/*', pathname)?.params.patient;
  const maySearch = session !== undefined && placesOf(session).some(({ to }) => to === '/search');
  if (words.length < 2 || !maySearch) return [];
  const asked = new URLSearchParams({ q: words });
  return [
    ...(patient === undefined
      ? []
      : [{ to: `/patients/${patient}/search?${asked}`, name: t('search-this', { words }), detail: t('this-patient') }]),
    { to: `/search?${asked}`, name: t('search-all', { words }), detail: '' },
  ];
}

function usePages(): Target[] {
  const { t } = useTranslation('palette');
  const { t: ofSession } = useTranslation('session');
  const session = useSignedIn();
  const { pathname } = useLocation();
  const patient = matchPath('/patients/:patient/*', pathname)?.params.patient;
  const places = session === undefined ? [] : placesOf(session);
  return [
    ...(patient === undefined
      ? []
      : [
          ...written.map((form) => ({
            to: `/patients/${patient}/write/${form}`,
            name: t(`write-${form}`),
            detail: t('this-patient'),
          })),
          ...ofPatient.map((page) => ({
            to: page === 'overview' ? `/patients/${patient}` : `/patients/${patient}/${page}`,
            name: t(`page-${page}`),
            detail: t('this-patient'),
          })),
        ]),
    ...places.map(({ to, name }) => ({ to, name: ofSession(name), detail: '' })),
  ];
}

function fits({ name }: Target, words: string): boolean {
  const said = name.toLocaleLowerCase('nb');
  return words
    .toLocaleLowerCase('nb')
    .split(/\s+/)
    .every((word) => said.includes(word));
}
