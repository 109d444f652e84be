import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';

/**
 * Tells where a request comes from: from whom the last of the trusted proxies had it, as their X-Forwarded-For says, and
 * who connects where that is none of them. What Fastify does for its routes, for what never reaches one: sockets, and
 * calls of gRPC.
 */
export function clientAddresses(trustedProxies: readonly string[]): (request: ForwardedRequest) => string {
  const isTrusted = proxyAddress.compile([...trustedProxies]);
  return (request) => {
    // A client that has hung up has no address any more.
    if (request.socket.remoteAddress === undefined) return '';
    // It reads nothing else of a request.
    return proxyAddress(request as IncomingMessage, isTrusted);
  };
}

/** What of a request, or of a call, says where it comes from. */
export interface ForwardedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: { readonly remoteAddress?: string | undefined };
}
