/** What programs ask: there a path without an answer is a mistake, whatever the request accepts. */
const PROGRAMS = ['api', 'assets', 'graphql', 'healthz', 'livez', 'metrics', 'ofrep', 'readyz', 'sdk', 'startupz'];

/** Whether a GET is a browser that wants something to show: it accepts HTML by name, at a path that is no program's. */
export function asksForPage(url: string, accept: string | undefined): boolean {
  const first = /^\/([^/?#]*)/u.exec(url)?.[1] ?? '';
  return !PROGRAMS.includes(first) && /\btext\/html\b/iu.test(accept ?? '');
}

/** Puts the nonce of one answer where the build left its place. */
export function withNonce(page: string, nonce: string): string {
  return page.replaceAll('{{nonce}}', nonce);
}
