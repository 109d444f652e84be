import { useRef } from 'react';
import { useQuery } from 'urql';
import { viewerQuery } from '../api/viewer.js';
import type { Ability } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';

const NOTHING: readonly Ability[] = [];

/**
 * What the viewer may do in a place, permission by permission, for `may('flag.write', useViewerAbilities(at))`. Without a
 * place: in the whole instance. Nothing until it is known.
 */
export function useViewerAbilities(at?: InProject): readonly Ability[] {
  return useViewer(at)?.abilities ?? NOTHING;
}

/** Who the viewer is; undefined until it is known. While the server does not answer it is what was known last. */
export function useViewer(at?: InProject) {
  const variables = at === undefined ? {} : { project: at.project, environment: at.environment || null };
  const [{ data, error }] = useQuery({ query: viewerQuery.document, variables, context: viewerQuery.context });
  const asked = JSON.stringify(variables);
  const last = useRef({ asked, data });
  const isUnanswered = data === undefined && error?.networkError !== undefined;
  if (!isUnanswered || last.current.asked !== asked) last.current = { asked, data };
  return last.current.data?.viewer;
}
