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

/** Somebody at a browser: keeps the cookies it is given, and says which page asks. */
export interface Browser {
  readonly api: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<BrowserAnswer>;
  /** The cookies that it has, as it sends them; undefined: none, or they were taken away. */
  readonly cookie: () => string | undefined;
}

/** A browser that shows pages of the server, or of another origin where one is named. */
export function browserAt(url: string, origin: string | null = url): Browser {
  const jar = new Map<string, string>();
  const cookie = () => (jar.size === 0 ? undefined : [...jar.values()].join('; '));
  const api: Browser['api'] = async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(origin === null ? {} : { origin }),
        ...(jar.size === 0 ? {} : { cookie: `theme=dark; ${cookie()}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      const [name = ''] = pair.split('=');
      if (set.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, pair);
    }
    const text = await response.text();
    const isJson = /\bjson\b/u.test(response.headers.get('content-type') ?? '');
    return told({
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as unknown) : text,
    });
  };
  return { api, cookie };
}
