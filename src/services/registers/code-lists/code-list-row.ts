/** A code list as a row of a file, or as an item of JSON: `SP=Sykepleier|LE=Lege`. */
import { z } from 'zod';
import { volven } from '../register-codes.ts';
import type { CodeList } from './code-list.ts';

export const codeListSchema = z
  .strictObject({
    /** A Volven list by its number; others by `url`. */
    list: z
      .string()
      .regex(/^\d{4}$/, 'is not the number of a list')
      .optional(),
    url: z
      .string()
      .regex(/^(urn:|https?:\/\/)\S+$/, 'is not a url')
      .optional(),
    name: z.string().min(1).max(300),
    version: z.string().min(1).max(50).optional(),
    /** Said where the list is only a part of what it should be. */
    partial: z.boolean().optional(),
    /** `SP=Sykepleier`. */
    codes: z.array(z.string().regex(/^[^\s=]+=.+$/, 'is not code=text')).min(1),
  })
  .refine(({ list, url }) => (list === undefined) !== (url === undefined), 'needs list or url, not both');

export type CodeListRow = z.infer<typeof codeListSchema>;

export const urlOf = ({ list, url }: Pick<CodeListRow, 'list' | 'url'>): string => url ?? volven(list ?? '');

export function listOfRow(row: CodeListRow): CodeList {
  return {
    url: urlOf(row),
    name: row.name,
    version: row.version,
    isPartial: row.partial === true,
    concepts: row.codes.map((text) => ({
      code: text.slice(0, text.indexOf('=')),
      display: text.slice(text.indexOf('=') + 1),
    })),
  };
}
