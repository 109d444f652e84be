import type { Metadata } from '@grpc/grpc-js';

/** What a call shows of who makes it: the metadata `authorization` or `x-api-key`, and where it comes from. */
export interface CallCredentials {
  readonly authorization: string | undefined;
  readonly apiKey: string | undefined;
  /** The client's network address, or that of the proxy before it. */
  readonly address: string;
}

export function credentialsOfCall(call: { readonly metadata: Metadata; getPeer(): string }): CallCredentials {
  return {
    authorization: textOf(call.metadata, 'authorization'),
    apiKey: textOf(call.metadata, 'x-api-key'),
    // All connections of one client count as one: without its port.
    address: call.getPeer().replace(/:\d+$/u, ''),
  };
}

function textOf(metadata: Metadata, name: string): string | undefined {
  const value = metadata.get(name)[0];
  return typeof value === 'string' ? value : undefined;
}
