import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Freeze, freezeAt } from '../policies/index.js';
import { GatheredWork } from '../platform/jobs/gathered-work.js';
import { ProjectsReader } from '../projects/index.js';
import { MeasurementsReader, ReachReader } from '../telemetry/index.js';
import type { Situation } from './decide.js';
import type { Looked } from './judge.js';
import { Measured } from './measured.js';
import { comparedSubjects, runsOf } from './ramp-target.js';
import type { Rollout } from './rollout.js';
import { RolloutGuards } from './rollout-guards.service.js';
import { RolloutRuns } from './rollout-runs.service.js';
import { RolloutTargets } from './rollout-targets.service.js';
import { type DueRollout, RolloutsRepository } from './rollouts.repository.js';

/** All that a tick reads from the store, at one moment. */
export type Look = Omit<Looked, 'queries' | 'rollout'> &
  Pick<
    Situation,
    'reach' | 'trafficLacks' | 'certificates' | 'brokenGuardrails' | 'freeze' | 'candidateUnits' | 'gone'
  > & {
    readonly rollout: Rollout;
    readonly environmentKey: string;
  };

/** Bounds what is held in memory at once: some dozens of sums for each. */
const MOST = 50;

/** Reads what a rollout is judged and decided by. */
@Injectable()
export class RolloutLooks {
  private readonly looks = new GatheredWork((ids: readonly string[]) => this.lookAtAll(ids), MOST);

  // Nine, for a look sees everything that a rollout goes by, at one moment.
  constructor(
    private readonly transactions: Transactions,
    private readonly rollouts: RolloutsRepository,
    private readonly measurements: MeasurementsReader,
    private readonly projects: ProjectsReader,
    private readonly reaches: ReachReader,
    private readonly guards: RolloutGuards,
    private readonly targets: RolloutTargets,
    private readonly runs: RolloutRuns,
    private readonly clock: Clock,
  ) {}

  /** Running rollouts that are to be looked at by now, those that wait longest first. */
  listDue(limit: number): Promise<readonly DueRollout[]> {
    return this.transactions.read((tx) => this.rollouts.listDue(tx, this.clock.now(), limit));
  }

  /** Undefined when the rollout is over, or gone. */
  look(rolloutId: string): Promise<Look | undefined> {
    return this.looks.do(rolloutId);
  }

  /** Reads what many rollouts have in common, and each one's sums, once for all of them. */
  private lookAtAll(rolloutIds: readonly string[]): Promise<readonly (Look | undefined)[]> {
    return this.transactions.read(async (tx) => {
      const running = await this.rollouts.listRunningById(tx, rolloutIds);
      const now = this.clock.now();
      const totals = await this.measurements.totals(tx, running);
      const broken = await this.guards.brokenGuardrails(tx, running);
      const looks = new Map<string, Look>();
      for (const found of running) {
        const { runs, certificates } = await this.runs.look(tx, found);
        const measured = new Measured(totals.get(found.id) ?? [], runs);
        const brokenGuardrails = broken.get(found.id) ?? [];
        looks.set(found.id, await this.lookAt(tx, found, { measured, certificates, brokenGuardrails, now }));
      }
      return rolloutIds.map((id) => looks.get(id));
    });
  }

  private async lookAt(
    tx: Transaction,
    found: Rollout,
    seen: Pick<Look, 'certificates' | 'brokenGuardrails' | 'now'> & { readonly measured: Measured },
  ): Promise<Look> {
    const { lacks: trafficLacks, traffic } = await this.guards.trafficReach(tx, found);
    const rollout = { ...found, ramp: { ...found.ramp, traffic } };
    return {
      ...seen,
      rollout,
      reach: await this.reachOf(tx, rollout),
      trafficLacks,
      gone: await this.targets.findGone(tx, rollout),
      freeze: this.freezeNow(rollout),
      candidateUnits: candidateUnits(rollout, seen.measured),
      environmentKey: await this.environmentKey(tx, rollout),
    };
  }

  /** The freeze that holds now, if any. */
  freezeNow({ policy }: Rollout): Freeze | undefined {
    return freezeAt(policy.freezeWindows, this.clock.now());
  }

  /** Asked for only where a query may name it. */
  private async environmentKey(tx: Transaction, { environmentId, policy }: Rollout): Promise<string> {
    if (!policy.metrics.some(({ kind }) => kind === 'query')) return '';
    return (await this.projects.environmentById(tx, environmentId))?.key ?? '';
  }

  /** Asked for only while it matters. */
  private async reachOf(tx: Transaction, { environmentId, ramp }: Rollout): Promise<Situation['reach']> {
    if (ramp.phase !== 'reaching') return { instances: ramp.instances, current: ramp.instances, laggards: [] };
    const { instances, current, laggards } = await this.reaches.reach(tx, environmentId, ramp.revision);
    return { instances, current, laggards: laggards.map(({ name }) => name) };
  }
}

/**
 * Units of the candidate since the attempt began, of the subject that has fewest; nobody is counted twice. While the
 * candidate is served to nobody they are the inputs that parallel runs have compared.
 */
function candidateUnits({ targets, ramp }: Pick<Rollout, 'targets' | 'ramp'>, measured: Measured): number {
  const runs = runsOf(targets);
  if (runs.length > 0 && (ramp.share === 0 || comparedSubjects(targets).length === 0)) {
    return Math.min(...runs.map((run) => inputsOf(run, measured)));
  }
  const units = comparedSubjects(targets).map((subject) => measured.units(subject, 'candidate'));
  return units.length === 0 ? 0 : Math.min(...units);
}

function inputsOf(run: string, { runs }: Measured): number {
  return runs.filter((each) => each.run === run).reduce((sum, { sums }) => sum + sums.inputs.n, 0);
}
