import type { Answer } from '../e2e/start-test-server.js';

/** What answers about people hold, each as much of it as it has. */
export interface Told {
  readonly id: string;
  readonly code: string;
  readonly detail: string;
  readonly secret: string;
  readonly viewer: object | null;
  readonly errors: readonly object[];
  readonly url: string;
  readonly roles: readonly { readonly id: string }[];
  readonly items: readonly { readonly subject: string; readonly action: string }[];
}

/** An answer as one about people. */
export function told({ status, headers, body }: Answer): BrowserAnswer {
  // Tests look at what their request is answered with.
  return { status, headers, body: body as Told };
}

export interface BrowserAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Told;
}

/** Somebody at a browser: keeps the cookie it is given, and says which page asks. */
export interface Browser {
  readonly api: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<BrowserAnswer>;
  /** The cookie as it was set last; undefined: none, or it was taken away. */
  readonly cookie: () => string | undefined;
}

/** A browser that shows pages of the server, or of another origin where one is named. */
export function browserAt(url: string, origin: string | null = url): Browser {
  let cookie: string | undefined;
  const api: Browser['api'] = async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(origin === null ? {} : { origin }),
        ...(cookie === undefined ? {} : { cookie: `theme=dark; ${cookie}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      if (!set.includes('Max-Age=0')) cookie = pair;
      else if (cookie?.split('=')[0] === pair.split('=')[0]) cookie = undefined;
    }
    const text = await response.text();
    const isJson = /\bjson\b/u.test(response.headers.get('content-type') ?? '');
    return told({
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as unknown) : text,
    });
  };
  return { api, cookie: () => cookie };
}
