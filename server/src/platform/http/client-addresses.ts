import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';

/**
 * Tells where a request comes from: from whom the last of the trusted proxies had it, as their X-Forwarded-For says, and
 * who connects where that is none of them. What Fastify does for its routes, for what never reaches one.
 */
export function clientAddresses(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const isTrusted = proxyAddress.compile([...trustedProxies]);
  // A client that has hung up has no address any more.
  return (request) => (request.socket.remoteAddress === undefined ? '' : proxyAddress(request, isTrusted));
}
