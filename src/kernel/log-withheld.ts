/**
 * What no line of the log may hold, whoever wrote it and however it got there (a message of the database that cites a value, an address with a number in it, an
 * error of a library with its request): secrets by their names, tokens and passwords by their form, national numbers, other people's objects.
 */
const withheld = '<withheld>';

const names =
  'authorization|cookie|password|passphrase|secret|token|assertion|dpop|api[-_]?key|node[-_]?key|private[-_]?key|code[-_]?verifier|database[-_]?url|credential|person[-_]?number|id_token_hint';

/** A member of an object whose value is secret. */
const isSecret = new RegExp(`(${names})s?$`, 'i');

/**
 * Read in one pass each, whatever the text: no pattern begins with a repetition, and those within have bounds.
 */
const forms: readonly [RegExp, string][] = [
  // `"name":"value"` in JSON that is quoted, once or several times.
  [new RegExp(`((?:${names})s?\\\\{0,20}"\\s{0,20}:\\s{0,20}\\\\{0,20}")[^"\\\\]*`, 'gi'), `$1${withheld}`],
  // `name=value` in addresses, forms and messages.
  [new RegExp(`((?:${names})=)[^&\\s"'\\\\]+`, 'gi'), `$1${withheld}`],
  // An authorization code; FHIR searches by `code=` have shorter ones.
  [/(\bcode=)[^&\s"'\\]{16,}/gi, `$1${withheld}`],
  // A JSON Web Token: header, payload, signature.
  [/\beyJ[\w-]{8,4000}\.[\w-]{8,4000}\.[\w-]{0,4000}/g, withheld],
  [/\b(Bearer|DPoP|Basic)\s{1,20}[\w.~+/=-]{8,}/gi, `$1 ${withheld}`],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,8000}/g, withheld],
  // The password in a URL.
  [/(:\/\/[^\s:/@"]{0,200}):[^\s/@"]{1,200}@/gi, `$1:${withheld}@`],
];

/** Eleven digits, also where an address writes `%7C` or `|` before them. */
const elevenDigits = /(?<!\d)(\d{2})(\d{2})\d{7}(?!\d)/g;

const textMax = 20_000;
const depthMax = 8;
const membersMax = 200;

/** A text without them. */
export function withholdText(given: string): string {
  let text = given.length > textMax ? `${given.slice(0, textMax)} …` : given;
  for (const [form, instead] of forms) text = text.replace(form, instead);
  return text.replace(elevenDigits, (digits: string, day: string, month: string) =>
    isDate(Number(day), Number(month)) ? '<number>' : digits,
  );
}

/** The same of what is logged beside a message: plain objects, lists, texts and numbers, and of an error what helps to find it. */
export function withhold(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return withholdText(value);
  if (typeof value === 'number') return Number.isInteger(value) ? numberOrText(value) : value;
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (depth > depthMax) return '…';
  if (value instanceof Error) return errorOf(value, depth);
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.slice(0, membersMax).map((one) => withhold(one, depth + 1));
  // Sockets, requests, buffers: theirs to know.
  if (!isPlain(value)) return `[${value.constructor?.name ?? 'object'}]`;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, membersMax)
      .map(([name, one]) => [
        withholdText(name),
        isSecret.test(name) && one !== undefined ? withheld : withhold(one, depth + 1),
      ]),
  );
}

type LoggedError = { type: string; message: string; stack: string | undefined; code: unknown; cause?: unknown };

/** An error's other members (a database's detail, a library's request with its headers) hold what people wrote. */
function errorOf(error: Error, depth: number): LoggedError {
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  const logged: LoggedError = {
    type: name,
    message: withholdText(message),
    stack: stack === undefined ? undefined : withholdText(stack),
    code: withhold(code, depth + 1),
  };
  return cause instanceof Error && depth < depthMax ? { ...logged, cause: errorOf(cause, depth + 1) } : logged;
}

function numberOrText(value: number): number | string {
  const text = String(value);
  const withheldText = withholdText(text);
  return text === withheldText ? value : withheldText;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** National numbers and D-numbers (day + 40), H-numbers (month + 40), and the synthetic ones of tests (month + 80, + 65). */
function isDate(day: number, month: number): boolean {
  const ofMonth = [0, 40, 65, 80].some((more) => month > more && month <= more + 12);
  return ofMonth && ((day >= 1 && day <= 31) || (day >= 41 && day <= 71));
}
