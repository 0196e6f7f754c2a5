/** Around the ward's pages: whose and where, whether the node is there, and in large type how old what is shown is where it is not. */
import { Button, InlineMessage, Loader } from '@navikt/ds-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, ScrollRestoration, useLocation } from 'react-router';
import { useWritten } from '../text/written.ts';
import { Choices } from '../ui/choices.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { noteSignOut } from '../ui/sign-out.ts';
import { useNow } from '../ui/use-now.ts';
import { isOpen } from './captured.ts';
import { useKeeper } from './keeper-context.ts';
import { WardLineBand } from './line-band.tsx';
import { LostBand } from './lost-band.tsx';
import { ageWords } from './words.ts';

const tickMs = 5000;

export function WardFrame() {
  const { t } = useTranslation('ui');
  const { t: ward } = useTranslation('ward');
  return (
    <>
      <a className="fyr-skip" href="#content">
        {t('skip')}
      </a>
      <header>
        <div className="fyr-header">
          <Link to="/" className="fyr-name">
            <img src="/fyr.svg" alt="" width={28} height={28} /> {ward('name')}
          </Link>
          <Choices />
          <Places />
          <Person />
        </div>
        <AgeBand />
        <WardLineBand />
        <LostBand />
      </header>
      <main id="content" tabIndex={-1} className="fyr-content">
        <Content />
      </main>
      <ScrollRestoration />
    </>
  );
}

function Places() {
  const { t } = useTranslation('ward');
  const { state } = useKeeper();
  const open = state.captures.filter(isOpen).length;
  const { ward } = state;
  const { pathname } = useLocation();
  const here = (path: string): { 'aria-current'?: 'page' } => (pathname === path ? { 'aria-current': 'page' } : {});
  return (
    <nav aria-label={t('places')} className="fyr-places">
      {ward && (
        <Link to={`/${ward.ward}`} {...here(`/${ward.ward}`)}>
          {t('place-ward')}
        </Link>
      )}
      <Link to="/handed" {...here('/handed')}>
        {open === 0 ? t('place-handed') : t('place-handed-open', { count: open })}
      </Link>
      <a href="/paper">{t('place-paper')}</a>
    </nav>
  );
}

function Person() {
  const { t } = useTranslation('session');
  const { t: ward } = useTranslation('ward');
  const { keeper, state } = useKeeper();
  const [form, setForm] = useState<HTMLFormElement>();
  const { person, phase, contact, csrf, captures } = state;
  if (phase === 'signed-out' || person === undefined) return null;
  const open = captures.filter(isOpen).length;
  const leave = (from: HTMLFormElement): void => {
    noteSignOut();
    void keeper.wipe().finally(() => from.submit());
  };
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (open > 0) setForm(event.currentTarget);
    else leave(event.currentTarget);
  };
  return (
    <>
      <form method="post" action="/sign-out" className="fyr-person" onSubmit={send}>
        <span>{person.name}</span>
        <input type="hidden" name="_csrf" value={csrf ?? ''} />
        {contact === 'node' && (
          <Button type="submit" size="small" variant="secondary">
            {t('sign-out')}
          </Button>
        )}
      </form>
      {form !== undefined && (
        <Confirm
          title={ward('leave')}
          follows={ward('leave-open', { count: open })}
          action={t('sign-out')}
          isPending={false}
          onConfirm={() => leave(form)}
          onCancel={() => setForm(undefined)}
        />
      )}
    </>
  );
}

/** The unmistakable sign that this is not live: since when, and how old. */
function AgeBand() {
  const { t } = useTranslation('ward');
  const written = useWritten();
  const now = useNow(tickMs);
  const { contact, ward, isCopy, goneSince } = useKeeper().state;
  if (contact !== 'gone') return null;
  const at = ward === undefined ? undefined : Math.min(ward.at, ward.heardAt === 0 ? ward.at : ward.heardAt);
  const time = (ms: number): string => written.when(new Date(ms).toISOString());
  return (
    <div className="fyr-band fyr-ward-gone" role="status">
      <strong>{goneSince === undefined ? t('gone') : t('gone-since', { when: time(goneSince) })}</strong>{' '}
      {at !== undefined && (
        <span className="fyr-ward-age">
          {t(isCopy ? 'age-copy' : 'age', { age: ageWords(now - at, t), when: time(at) })}
        </span>
      )}{' '}
      <span>{t('gone-more')}</span>
    </div>
  );
}

function Content() {
  const { t } = useTranslation('ward');
  const { state } = useKeeper();
  const { pathname } = useLocation();
  switch (state.phase) {
    case 'starting':
      return <Loader size="medium" title={t('starting')} />;
    case 'signed-out':
      return <SignedOut to={`/ward${pathname}`} />;
    case 'not-for-you':
      return <Plain words={t('not-for-you')} />;
    case 'ready':
      return (
        <div className="fyr-stack">
          {state.isStoreBroken && <InlineMessage status="error">{t('store-broken')}</InlineMessage>}
          {state.isWiped && <InlineMessage status="warning">{t('wiped')}</InlineMessage>}
          {state.problem !== undefined && <InlineMessage status="warning">{state.problem}</InlineMessage>}
          {state.isLocked && <Locked />}
          <Outlet />
        </div>
      );
  }
}

function SignedOut({ to }: { to: string }) {
  const { t } = useTranslation('ward');
  const { t: session } = useTranslation('session');
  return (
    <div className="fyr-narrow fyr-stack">
      <h1>{t('signed-out')}</h1>
      <p className="fyr-plain">{t('signed-out-more')}</p>
      <div>
        <Button as="a" role="link" href={`/sign-in?${new URLSearchParams({ to })}`}>
          {session('sign-in')}
        </Button>
      </div>
    </div>
  );
}

function Plain({ words }: { words: string }) {
  const { t } = useTranslation('ward');
  return (
    <>
      <h1>{t('name')}</h1>
      <p>{words}</p>
    </>
  );
}

function Locked() {
  const { t } = useTranslation('ward');
  const { keeper } = useKeeper();
  const [hasFailed, setHasFailed] = useState(false);
  return (
    <section className="fyr-card fyr-stack" aria-label={t('locked')}>
      <p className="fyr-plain">{t('locked')}</p>
      <div>
        <Button size="small" onClick={() => void keeper.unlock().then((isOpened) => setHasFailed(!isOpened))}>
          {t('unlock')}
        </Button>
      </div>
      <div role="alert">{hasFailed && <InlineMessage status="error">{t('unlock-failed')}</InlineMessage>}</div>
    </section>
  );
}
