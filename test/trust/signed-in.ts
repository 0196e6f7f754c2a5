/** People at browsers: they sign in on the node's own pages, as somebody who tries Fyr does, and go on with the cookie that they got. */
import { testBrowser, type Browser, type Page } from '#trust/sign-in/region-test.ts';
import type { NodeAnswer, TestNode } from '../support/node.ts';

/** What the node says of who is signed in (`GET /api/session`). */
export type SignedIn = { kind: string; name: string; id: string; csrf: string; role?: { duty: string } };

export type PersonAtBrowser = {
  browser: Browser;
  session: SignedIn;
  /** With the session's cookie, and, for a change, its token, as the pages send it. */
  ask(method: string, path: string, body?: object): Promise<NodeAnswer>;
};

export async function signIn(at: TestNode, persona: string): Promise<PersonAtBrowser> {
  const browser = testBrowser();
  const page = await choose(at, browser, persona);
  if (new URL(page.url).pathname !== '/api/session')
    throw new Error(`${persona} did not get in: ${page.url} ${page.text}`);
  const session = JSON.parse(page.text) as SignedIn;
  return {
    browser,
    session,
    async ask(method, path, body) {
      const isChange = method !== 'GET';
      const answer = await browser.open(`${at.url}${path}`, {
        method,
        headers: isChange ? { origin: at.url, 'x-fyr-csrf': session.csrf } : {},
        ...(body === undefined ? {} : { json: body }),
      });
      return { ...answer, body: jsonOf(answer.text) };
    },
  };
}

/** From the page of the provider on: the persona is chosen, and the browser comes back signed in. */
export async function choose(at: TestNode, browser: Browser, persona: string): Promise<Page> {
  const list = await browser.open(`${at.url}/sign-in/start?issuer=trial&to=/api/session`);
  const action = /<form[^>]*action="([^"]+)"/.exec(list.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const hidden = [...list.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const form = { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), persona };
  return browser.open(new URL(action, list.url).href, { method: 'POST', form, headers: { origin: at.url } });
}

function jsonOf(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
