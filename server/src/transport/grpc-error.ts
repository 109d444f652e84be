import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { SluiceError } from '../kernel/errors.js';
import { plainText } from '../kernel/plain-text.js';
import { grpcCodeOf } from './wire-codes.js';

/** A status is a header: clients hang up, or wait for ever, over one that is longer than they take. */
const MAX_DETAILS_LENGTH = 1_000;

/**
 * Puts an error into a gRPC status: the sentence as its details, the stable code in the trailer `sluice-code`. What is
 * not a SluiceError is a bug: it becomes INTERNAL without detail. A pause that was asked for is told as the push-back
 * that gRPC's clients keep to when they retry (gRFC A6).
 */
export function toGrpcStatus(error: unknown, requestId: string): StatusObject {
  const metadata = new Metadata();
  metadata.set('x-request-id', requestId);
  if (!(error instanceof SluiceError)) {
    const details = `Sluice failed at this call and it is not your fault. Its log has the cause under ${requestId}.`;
    return { code: grpcCodeOf('internal', 'INTERNAL'), details, metadata };
  }
  metadata.set('sluice-code', error.code);
  const { retryAfterSeconds } = error.data;
  if (typeof retryAfterSeconds === 'number') metadata.set('grpc-retry-pushback-ms', String(retryAfterSeconds * 1_000));
  return { code: grpcCodeOf(error.kind, error.code), details: plainText(error.message, MAX_DETAILS_LENGTH), metadata };
}
