import type { Answer, Api } from '../e2e/start-test-server.js';

/** Somebody at a browser: keeps the cookie it is given, and says which page asks. */
export interface Browser {
  readonly api: Api;
  /** The cookie as it was set last; undefined: none, or it was taken away. */
  readonly cookie: () => string | undefined;
}

/** A browser that shows pages of the server, or of another origin where one is named. */
export function browserAt(url: string, origin: string | null = url): Browser {
  let cookie: string | undefined;
  const api: Api = async (method, path, body, headers = {}): Promise<Answer> => {
    const response = await fetch(url + path, {
      method,
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
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as unknown };
  };
  return { api, cookie: () => cookie };
}
