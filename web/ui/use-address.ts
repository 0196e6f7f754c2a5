/** What of a page stands in its address: changed at once for the eye, and by the back button. Only for what says nothing of a person. */
import { useState } from 'react';
import { useNavigationType, useSearchParams } from 'react-router';

type Say = (change: (next: URLSearchParams) => void, how?: { replace: boolean }) => void;

/** The parameters, and how to change them: over what stands there, or, with `replace: false`, as a step that the back button undoes. */
export function useAddress(): readonly [URLSearchParams, Say] {
  const [address, setAddress] = useSearchParams();
  const type = useNavigationType();
  const [shown, setShown] = useState(address);
  const [arrived, setArrived] = useState(address);
  // The address follows what was typed a moment later: until then what was typed holds.
  if (address !== arrived) {
    setArrived(address);
    if (type === 'POP') setShown(address);
  }
  const say: Say = (change, { replace } = { replace: true }) => {
    const next = new URLSearchParams(shown);
    change(next);
    setShown(next);
    setAddress(next, { replace, preventScrollReset: true });
  };
  return [shown, say];
}
