import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { invalid } from '../kernel/errors.js';
import type { ExpectedVersion } from '../kernel/expected-version.js';
import { PROBLEM_CONTENT } from './problem-schema.js';

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

const expectedVersion = createParamDecorator((_data: unknown, execution: ExecutionContext): ExpectedVersion => {
  const { headers } = execution.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
  return parseIfMatch(headers['if-match']);
});

const STALE = { status: 412, description: 'If-Match names another version than there is: VERSION_STALE' };
const UNSAID = { status: 428, description: 'If-Match is missing: IF_MATCH_REQUIRED' };

/**
 * What the caller expects the resource's version to be, told in the contract with what is answered to others. Whether
 * one must say it is up to the service, by requireVersion or refuseStale; `mostly`: its description says when not.
 */
export function IfMatch({ required = true }: { readonly required?: boolean | 'mostly' } = {}): ParameterDecorator {
  return (target, key, index) => {
    expectedVersion()(target, key, index);
    if (key === undefined) throw new Error('If-Match is for methods.');
    const method = Object.getOwnPropertyDescriptor(target, key);
    // The method that this decorates is there.
    const tell = (decorator: MethodDecorator): void => void decorator(target, key, method as PropertyDescriptor);
    const description = 'The ETag of your last read, or * for whatever there is';
    tell(ApiHeader({ name: 'If-Match', required: required === true, description }));
    tell(ApiResponse({ ...STALE, content: PROBLEM_CONTENT }));
    if (required !== false) tell(ApiResponse({ ...UNSAID, content: PROBLEM_CONTENT }));
  };
}
