import { Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { InProject } from '../../../util/path-builder.js';

const ServingEditor = lazy(async () => ({ default: (await import('../serving/ServingEditor.js')).ServingEditor }));

/** Who gets what in an environment: loaded when it is shown, as it is the largest part of the page. */
export function ServingTab({
  at,
  flag,
}: {
  readonly at: Required<InProject> & { readonly environment: string };
  readonly flag: string;
}) {
  return (
    <Suspense fallback={<Loader size="sm" />}>
      <ServingEditor at={at} flag={flag} key={`${flag} ${at.environment}`} />
    </Suspense>
  );
}
