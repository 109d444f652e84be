import type { FoundRoute, ParentRef, ParentStatus } from './read-http-route.js';

/** Whether the Gateways of a route have taken it as it is now. */
export type Acceptance =
  | { readonly kind: 'accepted' }
  /** No word about this generation yet. */
  | { readonly kind: 'waiting'; readonly sentence: string }
  /** A Gateway says no, to this generation. */
  | { readonly kind: 'rejected'; readonly sentence: string };

/** What a Gateway's controller says of a route that it serves whole. `Programmed` is a condition of Gateways, not of these. */
const CONDITIONS = ['Accepted', 'ResolvedRefs'] as const;

/**
 * Reads a route's status. Every Gateway that the route names must say `Accepted` and `ResolvedRefs` of the generation
 * that the route has: one that is of an earlier generation may be about other weights.
 */
export function acceptanceOf({ metadata, spec, status }: FoundRoute): Acceptance {
  const parents = spec?.parentRefs ?? [];
  if (parents.length === 0) {
    return { kind: 'waiting', sentence: 'The HTTPRoute names no Gateway, so none serves it; set "gateways".' };
  }
  const generation = metadata.generation ?? 0;
  const words = parents.map((parent) => {
    const said = (status?.parents ?? []).filter(({ parentRef }) => isSameParent(parentRef, parent, metadata.namespace));
    return acceptanceBy(parent, said, generation);
  });
  return (
    words.find(({ kind }) => kind === 'rejected') ??
    words.find(({ kind }) => kind === 'waiting') ?? { kind: 'accepted' }
  );
}

function acceptanceBy({ name }: ParentRef, said: readonly ParentStatus[], generation: number): Acceptance {
  const conditions = said.flatMap(({ conditions = [] }) => conditions);
  for (const type of CONDITIONS) {
    const current = conditions.filter(
      (condition) => condition.type === type && (condition.observedGeneration ?? 0) >= generation,
    );
    const no = current.find(({ status }) => status === 'False');
    if (no !== undefined) {
      const why = [no.reason, no.message].filter((each) => each !== undefined && each !== '').join(': ');
      return {
        kind: 'rejected',
        sentence: `Gateway ${name} says that ${type} is False${why === '' ? '' : ` (${why})`}.`,
      };
    }
    if (!current.some(({ status }) => status === 'True')) {
      return { kind: 'waiting', sentence: `Gateway ${name} has not said ${type} of generation ${generation}.` };
    }
  }
  return { kind: 'accepted' };
}

/** Whether a status names the parent that the spec does. Who says no namespace means the route's own. */
function isSameParent(said: ParentRef, asked: ParentRef, own: string | undefined): boolean {
  const isSame = (field: 'group' | 'kind' | 'sectionName' | 'port'): boolean => said[field] === asked[field];
  return (
    said.name === asked.name &&
    (said.namespace ?? own) === (asked.namespace ?? own) &&
    isSame('group') &&
    isSame('kind') &&
    isSame('sectionName') &&
    isSame('port')
  );
}
