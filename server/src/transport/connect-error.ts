import { ConnectError } from '@connectrpc/connect';
import { toGrpcStatus } from './grpc-error.js';

/** Puts an error into Connect's words: its codes are gRPC's, and so is the rest of what is said. */
export function toConnectError(error: unknown, requestId: string): ConnectError {
  const { code, details, metadata } = toGrpcStatus(error, requestId);
  const number: number = code;
  const headers = Object.entries(metadata.getMap()).map(([name, value]): [string, string] => [name, String(value)]);
  // Connect numbers its codes as gRPC does (https://connectrpc.com/docs/protocol#error-codes).
  return new ConnectError(details, number, new Headers(headers));
}
