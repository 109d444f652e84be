import { Injectable } from '@nestjs/common';
import { Metrics } from '../platform/metrics/metrics.js';
import { type Cell, Tally } from '../platform/metrics/tally.js';

/** How an evaluation is asked for where the server makes it. SDKs evaluate by themselves, and tell by telemetry. */
const PROTOCOLS = ['ofrep', 'flagd'] as const;
export type EvaluationProtocol = (typeof PROTOCOLS)[number];

/** Counts the evaluations that this server makes for clients, flag by flag. */
@Injectable()
export class EvaluationTally {
  private readonly tally = new Tally(PROTOCOLS.map((protocol) => ({ protocol })));

  constructor(metrics: Metrics) {
    metrics.add(
      {
        sluice_evaluations_total: {
          type: 'counter',
          help: 'Flags this replica evaluated for clients that cannot: one for each flag of a bulk evaluation.',
        },
      },
      () => ({ sluice_evaluations_total: this.tally.samples() }),
    );
  }

  /** The number to add to, for who evaluates often. */
  of(protocol: EvaluationProtocol): Cell {
    return this.tally.cell({ protocol });
  }
}
