import type { Metadata } from '@grpc/grpc-js';
import { clientAddresses } from '../http/client-addresses.js';

/** What a call shows of who makes it: the metadata `authorization` or `x-api-key`, and where it comes from. */
export interface CallCredentials {
  readonly authorization: string | undefined;
  readonly apiKey: string | undefined;
  /** The client's network address, as trusted proxies say it. */
  readonly address: string;
}

/** What of a call says who makes it. */
export interface ShownCall {
  readonly metadata: Metadata;
  getPeer(): string;
}

/** Reads what calls show; proxies are trusted as they are on the HTTP port, by the same metadata. */
export function callCredentials(trustedProxies: readonly string[]): (call: ShownCall) => CallCredentials {
  const addressOf = clientAddresses(trustedProxies);
  return (call) => {
    const forwarded = call.metadata.get('x-forwarded-for').map(String).join(', ');
    return {
      authorization: textOf(call.metadata, 'authorization'),
      apiKey: textOf(call.metadata, 'x-api-key'),
      address: addressOf({
        headers: forwarded === '' ? {} : { 'x-forwarded-for': forwarded },
        // All connections of one client count as one: without its port.
        socket: { remoteAddress: call.getPeer().replace(/:\d+$/u, '') },
      }),
    };
  };
}

function textOf(metadata: Metadata, name: string): string | undefined {
  const value = metadata.get(name)[0];
  return typeof value === 'string' ? value : undefined;
}
