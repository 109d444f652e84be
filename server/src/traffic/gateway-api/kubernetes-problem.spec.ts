import { expect, it } from '@jest/globals';
import { conflictingManagers, wordsOf } from './kubernetes-problem.js';

it('names who else owns fields, each once', () => {
  const cause = (message: string, reason = 'FieldManagerConflict'): object => ({
    reason,
    message,
    field: '.spec.rules',
  });
  const causes = [
    cause('conflict with "kubectl-edit" using gateway.networking.k8s.io/v1'),
    cause('conflict with "argocd" with subresource "status" using v1'),
    cause('conflict with "argocd" using v1'),
    cause('conflict with "nobody" using v1', 'FieldValueInvalid'),
  ];
  expect(conflictingManagers({ details: { causes } })).toEqual(['argocd', 'kubectl-edit']);
  expect(conflictingManagers({ reason: 'Conflict', message: 'the object has been modified' })).toEqual([]);
});

it('keeps what an API server says short', () => {
  expect(wordsOf({ message: 'x'.repeat(10_000) })).toHaveLength(501);
  expect(wordsOf({ reason: 'Forbidden' })).toBe('Forbidden');
  expect(wordsOf({})).toBe('without a word');
});
