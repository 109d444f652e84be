import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useRef } from 'react';
import { useQuery } from 'urql';
import { type Json } from '../../../api/graphql.js';
import { failureOf } from '../../../api/failure.js';
import type { InProject } from '../../../util/path-builder.js';
import { type ReleaseDraft, toReleaseDocument, toTraffic } from '../../../util/release-draft.js';
import { type Preview, previewQuery } from './release-queries.js';

const PAUSE_MS = 250;

/** What the release that is written would come to, asked again whenever typing rests. The last answer stays meanwhile. */
export function usePreview(draft: ReleaseDraft, at: InProject & { readonly environment: string }) {
  const { project, environment } = at;
  const variables = useMemo(
    (): { readonly document: Json; readonly traffic: ReturnType<typeof toTraffic> } => ({
      document: toReleaseDocument(draft, { project, environment }),
      traffic: toTraffic(draft),
    }),
    [draft, project, environment],
  );
  const [asked] = useDebouncedValue(variables, PAUSE_MS);
  const [{ data, fetching, error }] = useQuery({
    query: previewQuery.document,
    variables: asked,
    context: previewQuery.context,
  });
  const last = useRef<Preview>(undefined);
  if (data?.previewRelease) last.current = data.previewRelease;
  return {
    document: variables.document,
    preview: last.current,
    failure: error && failureOf(error),
    isAsking: fetching || asked !== variables,
  };
}
