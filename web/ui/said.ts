/** Whether a refusal came in the reader's language: the policy's do, others are English. Pure. */

const english = /\b(the|this|there|that|is|are|was|not|of|for|nobody|somebody|no|has|have)\b/gi;
const norwegian = /[æøå]|\b(ikke|ikkje|og|er|det|den|dette|som|du|til|ingen|kan|må)\b/gi;

export function isEnglish(message: string): boolean {
  return (message.match(english)?.length ?? 0) > (message.match(norwegian)?.length ?? 0);
}

/** The kinds of refusals that there are words for, by HTTP status. */
export const refusedStatuses = [400, 403, 404, 409, 412, 413, 422, 429, 500, 503] as const;

export function wordsFor(status: number): (typeof refusedStatuses)[number] {
  return refusedStatuses.find((one) => one === status) ?? (status >= 500 ? 500 : 400);
}
