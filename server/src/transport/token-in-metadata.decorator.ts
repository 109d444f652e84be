import 'reflect-metadata';
import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import { unauthenticated } from '../kernel/errors.js';

const TOKEN_IN_METADATA = 'sluice:tokenInMetadata';
/** The one kind that may stand in a file that others read: it can neither approve nor manage. */
const CI_TOKEN = /^slu_ci_/u;

/** Says that callers of this route who can send no headers may show a CI token in the body, at `metadata.token`. */
export const TokenInMetadata = (): MethodDecorator => SetMetadata(TOKEN_IN_METADATA, true);

/** What of a request a token is moved in. */
interface TokenBearing {
  readonly headers: { authorization?: string | undefined };
  readonly body: unknown;
}

/**
 * Moves a token from the body, where nothing later is to find it, to the header. One that is in the header counts
 * instead. Throws `unauthenticated` for a token of another kind.
 */
export function moveToken(execution: Pick<ExecutionContext, 'getHandler'>, { headers, body }: TokenBearing): void {
  if (Reflect.getMetadata(TOKEN_IN_METADATA, execution.getHandler()) !== true) return;
  const metadata = objectAt(body, 'metadata');
  const token = metadata?.['token'];
  if (metadata === undefined || typeof token !== 'string') return;
  delete metadata['token'];
  if (headers.authorization !== undefined) return;
  if (!CI_TOKEN.test(token)) {
    throw unauthenticated(
      'TOKEN_REFUSED',
      'A token in "metadata" must be a CI token ("slu_ci_…"); others belong in a header.',
    );
  }
  headers.authorization = `Bearer ${token}`;
}

function objectAt(value: unknown, key: string): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const inner: unknown = Reflect.get(value, key);
  // Any object has properties by name.
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : undefined;
}
