import { expect, it } from '@jest/globals';
import { aRequestContext } from '../../test/builders/a-request-context.js';
import { requireInstanceScope } from './request-context.js';

it('lets a caller of the whole instance through', () => {
  expect(() => requireInstanceScope(aRequestContext())).not.toThrow();
});

it('refuses a caller that is bound to one project', () => {
  expect(() => requireInstanceScope(aRequestContext({ scope: [{ projectId: 'shop', environmentId: undefined }] }))).toThrow(
    expect.objectContaining({ kind: 'forbidden', code: 'SCOPE_TOO_NARROW' }),
  );
});
