import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { invalid } from '../kernel/errors.js';
import type { ExpectedVersion } from '../kernel/expected-version.js';

/** Reads an `If-Match` header (RFC 9110, 13.1.1): the version the caller last saw. Throws `invalid` for foreign tags. */
export function parseIfMatch(header: string | undefined): ExpectedVersion {
  if (header === undefined) return { kind: 'unsaid' };
  if (header.trim() === '*') return { kind: 'any' };
  const tag = /^"(\d{1,9})"$/u.exec(header.trim());
  if (tag === null) {
    throw invalid('IF_MATCH_MALFORMED', 'If-Match must be the ETag of your last read, quotes included, or *.');
  }
  return { kind: 'version', version: Number(tag[1]) };
}

/** What the caller expects the resource's version to be. */
export const IfMatch = createParamDecorator((_data: unknown, execution: ExecutionContext): ExpectedVersion => {
  const { headers } = execution.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
  return parseIfMatch(headers['if-match']);
});
