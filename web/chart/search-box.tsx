/** The box on every page of a patient: what is written leads to the page of search, where the same box stands larger. */
import { Search } from '@navikt/ds-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMatch, useNavigate } from 'react-router';
import { searchBox } from '../ui/slash-key.tsx';

export function SearchBox({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const isThere = useMatch('/patients/:patient/search') !== null;
  if (isThere) return null;
  return (
    <form
      role="search"
      className="fyr-patient-search"
      onSubmit={(event) => {
        event.preventDefault();
        setTyped('');
        void navigate({
          pathname: `/patients/${patient}/search`,
          search: new URLSearchParams(typed.trim() === '' ? {} : { q: typed.trim() }).toString(),
        });
      }}
    >
      <Search
        size="small"
        variant="simple"
        label={t('search-record')}
        placeholder={t('search-hint')}
        value={typed}
        maxLength={300}
        autoComplete="off"
        onChange={setTyped}
        {...searchBox}
      />
    </form>
  );
}
