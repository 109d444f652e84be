import { useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { InProject } from '../util/path-builder.js';
import type { Search } from '../util/search-words.js';

/** The project and environment that the URL says; undefined outside of any. */
export function usePlace(): (InProject & { readonly environment: string }) | undefined {
  // Of whichever page is shown: its path may name a project, and the router's parser makes texts.
  const { project }: { readonly project?: string } = useParams({ strict: false });
  const search: Search = useSearch({ strict: false });
  const environment = search['environment'] ?? '';
  return useMemo(() => (project === undefined ? undefined : { project, environment }), [project, environment]);
}
