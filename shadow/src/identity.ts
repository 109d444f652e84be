/** Where a request says whom it is for: what sampling is sticky by. */
export interface IdentitySource {
  readonly kind: 'header' | 'cookie';
  /** Of a header in small letters. */
  readonly name: string;
}

/** Whom a request is for; undefined where it does not say. */
export function identityOf(
  source: IdentitySource,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string | undefined {
  const value = headers[source.kind === 'header' ? source.name : 'cookie'];
  const text = typeof value === 'string' ? value : value?.join();
  const key = source.kind === 'header' ? text?.trim() : cookieOf(source.name, text ?? '');
  return key === '' ? undefined : key;
}

function cookieOf(name: string, cookies: string): string | undefined {
  for (const pair of cookies.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
