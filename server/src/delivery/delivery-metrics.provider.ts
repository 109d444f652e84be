import { Injectable } from '@nestjs/common';
import { Metrics, sample } from '../platform/metrics/metrics.js';
import { SnapshotCache } from './snapshot-cache.service.js';
import { StreamHub } from './stream-hub.service.js';

/** People make environments one by one, so they may be told apart; this is for who makes them by machine. */
const MOST_ENVIRONMENTS = 500;

/** What clients hang on, and what they are given. */
@Injectable()
export class DeliveryMetrics {
  constructor(metrics: Metrics, cache: SnapshotCache, streams: StreamHub) {
    metrics.add(
      {
        sluice_streams_open: { type: 'gauge', help: 'Event streams open to this replica, by who listens.' },
        sluice_streams_opened_total: {
          type: 'counter',
          help: 'Event streams that were opened to this replica; many more than are open: clients come and go.',
        },
        sluice_snapshot_revision: {
          type: 'gauge',
          help: 'The revision of an environment that this replica serves; replicas that differ for long have parted.',
        },
        sluice_snapshot_environments: {
          type: 'gauge',
          help: 'Environments whose snapshot this replica has in memory.',
        },
      },
      () => {
        const served = cache.served();
        // Each replica serves those that were asked of it: where these are more, it may tell one that others do not,
        // and whoever compares replicas compares those that tell.
        const told = served.toSorted((a, b) => (a.flagSetId < b.flagSetId ? -1 : 1)).slice(0, MOST_ENVIRONMENTS);
        return {
          sluice_streams_open: [...streams.counts()].map(([audience, count]) => sample(count, { audience })),
          sluice_streams_opened_total: streams.opened.samples(),
          sluice_snapshot_revision: told.map(({ project, environment, revision }) =>
            sample(revision, { project, environment }),
          ),
          sluice_snapshot_environments: [sample(served.length)],
        };
      },
    );
  }
}
