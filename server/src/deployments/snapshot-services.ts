import type { SnapshotService } from '@sluice/sdk/evaluation';
import type { TrafficContent } from './service-traffic.js';

/** Services as callers of them need them, in ascending order of keys: digests stay behind. */
export function toSnapshotServices(
  traffic: readonly (TrafficContent & { readonly service: string })[],
): readonly SnapshotService[] {
  return traffic
    .map(({ service, stable, candidate }) => ({
      key: service,
      stable: stable.version,
      ...(candidate === null ? {} : { candidate: { version: candidate.version, share: candidate.share } }),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
