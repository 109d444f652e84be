/** Whether a request asks for a socket of GraphQL; others that ask for another protocol are answered in this one. */
export function isGraphqlUpgrade({ url, headers }: UpgradeRequest): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && /^\/graphql\/?(?:\?|$)/u.test(url ?? '');
}

interface UpgradeRequest {
  readonly url?: string | undefined;
  readonly headers: { readonly upgrade?: string | undefined };
}
