/** The name of what a reference points to; while it is on its way, or where one may not see it, what was said instead. */
import { useQuery } from '@tanstack/react-query';
import { referenceQuery, titleOf } from '../record/directory.ts';

export function Named({ reference, otherwise = '…' }: { reference: string; otherwise?: string }) {
  const { data } = useQuery(referenceQuery(reference));
  return <>{data === undefined ? otherwise : titleOf(data)}</>;
}
