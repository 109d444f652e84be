import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { SluiceError } from '../kernel/errors.js';
import { Transactions } from '../kernel/transactions.js';
import { Bus } from '../platform/bus/bus.js';
import { Metrics, sample, type Sample } from '../platform/metrics/metrics.js';
import { Tally } from '../platform/metrics/tally.js';
import { ENVIRONMENT_CHANGED, ProjectsReader } from '../projects/index.js';
import { InstancesRepository } from './instances.repository.js';
import type { ArrivedReport } from './merge-reports.js';
import { PropagationTally } from './propagation-tally.js';
import { silentBefore, standingsAt, unlistedBefore } from './sdk-instance.js';
import type { Receipt } from './telemetry-intake.service.js';

const OUTCOMES = ['counted', 'duplicate', 'refused', 'notStored'] as const;
/** People make environments one by one, so they may be told apart; this is for who makes them by machine. */
const MOST_ENVIRONMENTS = 500;

/** What SDKs report, and how far revisions come by what they report. */
@Injectable()
export class TelemetryMetrics {
  private readonly batches = new Tally(OUTCOMES.map((outcome) => ({ outcome })));
  private readonly propagation = new PropagationTally();

  constructor(
    metrics: Metrics,
    bus: Bus,
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly instances: InstancesRepository,
    private readonly clock: Clock,
  ) {
    bus.subscribe(ENVIRONMENT_CHANGED, ({ environmentId, revision }) =>
      this.propagation.changed(environmentId, revision, clock.now()),
    );
    metrics.add(
      {
        sluice_telemetry_batches_total: {
          type: 'counter',
          help: 'Batches of telemetry sent to this replica; notStored ones are sent again by their SDK.',
        },
        sluice_propagation_seconds: {
          type: 'histogram',
          help: 'From a new revision to when an SDK instance served it, for those that reported it to this replica.',
        },
      },
      () => ({
        sluice_telemetry_batches_total: this.batches.samples(),
        sluice_propagation_seconds: this.propagation.samples(),
      }),
    );
    metrics.add(
      {
        sluice_sdk_instances: {
          type: 'gauge',
          help: 'SDK instances by how they stand: current, behind the revision, silent; the same from every replica.',
        },
      },
      async () => ({ sluice_sdk_instances: await this.countInstances() }),
    );
  }

  /** Takes in a batch and counts what became of it; rejects as taking it in does. */
  async count(take: () => Promise<{ readonly arrived: ArrivedReport; readonly receipt: Receipt }>): Promise<Receipt> {
    try {
      const { arrived, receipt } = await take();
      this.tell(receipt.duplicate ? 'duplicate' : 'counted');
      this.propagation.heard(arrived);
      return receipt;
    } catch (error) {
      this.tell(error instanceof SluiceError && error.kind === 'invalid' ? 'refused' : 'notStored');
      throw error;
    }
  }

  private tell(outcome: (typeof OUTCOMES)[number]): void {
    this.batches.cell({ outcome }).count += 1;
  }

  private countInstances(): Promise<readonly Sample[]> {
    const now = this.clock.now();
    return this.transactions.read(async (tx) => {
      const seen = { seenSince: unlistedBefore(now), reportingSince: silentBefore(now) };
      const counts = await this.instances.countByRevision(tx, seen);
      const heard = new Set(counts.map(({ environmentId }) => environmentId));
      const places = await this.projects.everyEnvironment(tx);
      const told = places.filter(({ id }) => heard.has(id)).slice(0, MOST_ENVIRONMENTS);
      return told.flatMap(({ id, key, projectKey, revision }) => {
        const own = counts.filter(({ environmentId }) => environmentId === id);
        return Object.entries(standingsAt(revision, own)).map(([standing, count]) =>
          sample(count, { project: projectKey, environment: key, standing }),
        );
      });
    });
  }
}
