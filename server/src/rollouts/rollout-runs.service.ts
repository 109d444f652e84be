import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { Transaction } from '../kernel/transactions.js';
import { type CandidateStanding, ParallelRunStandings, type RunStanding } from '../parallel-runs/index.js';
import type { RunCertificate } from './decide.js';
import { runsOf } from './ramp-target.js';
import type { Rollout } from './rollout.js';
import type { RunObservation } from './run-observation.js';

/** What parallel runs say to a rollout that samples them, or that waits for their certificates. */
export interface RunLook {
  readonly runs: readonly RunObservation[];
  readonly certificates: readonly RunCertificate[];
}

/** A certificate of code that was compared last so long ago says little of what is installed now. */
const MAX_AGE_MS = 86_400_000;

type Asking = Pick<Rollout, 'environmentId' | 'targets' | 'policy' | 'startedAt'>;

/** Reads how the parallel runs of a rollout stand. */
@Injectable()
export class RolloutRuns {
  constructor(
    private readonly standings: ParallelRunStandings,
    private readonly clock: Clock,
  ) {}

  /** Asks nothing where the rollout has to do with none. */
  async look(tx: Transaction, { environmentId, targets, policy, startedAt }: Asking): Promise<RunLook> {
    const ramped = runsOf(targets);
    const gates = policy.steps.flatMap((step) => step.gates.filter((gate) => gate.kind === 'certificate'));
    const named = gates.flatMap(({ run }) => run ?? []);
    const [runs, certificates]: [RunObservation[], RunCertificate[]] = [[], []];
    for (const key of new Set([...ramped, ...named])) {
      const known = await this.standings.of(tx, environmentId, key);
      const dayAgo = new Date(this.clock.now().getTime() - MAX_AGE_MS);
      const standing = heardSince(known, ramped.includes(key) ? startedAt : dayAgo);
      if (ramped.includes(key) && standing !== null) runs.push(...observationsOf(standing));
      certificates.push(certificateOf(key, standing));
    }
    return { runs, certificates };
  }
}

/**
 * What was compared of code that nobody has called since may be of other code than is installed: it neither refutes the
 * candidate nor certifies it, until its services report again. Of a run that the release samples that is since its
 * attempt began, of others a day.
 */
function heardSince(standing: RunStanding | null, moment: Date): RunStanding | null {
  if (standing === null) return null;
  return { ...standing, candidates: standing.candidates.filter(({ total }) => total.lastAt >= moment) };
}

function observationsOf({ run, epoch, demand, budget, candidates }: RunStanding): readonly RunObservation[] {
  return candidates.map(({ total, shapes }) => {
    const { candidate, controlVersion, candidateVersion, sums } = total;
    const versions = { candidate, controlVersion, candidateVersion };
    return { run, epoch, ...versions, sums, shapes, demand, budgetMs: budget.addedMs };
  });
}

function certificateOf(run: string, standing: RunStanding | null): RunCertificate {
  if (standing === null) return { run, isCertified: false, sentence: `There is no parallel run "${run}".` };
  const lacking = standing.candidates.filter(({ certificate }) => certificate?.finding !== 'certified');
  if (standing.candidates.length === 0) {
    return { run, isCertified: false, sentence: 'No service has reported a call of it lately.' };
  }
  const sentence = lacking.map(lackOf).join(' ');
  return { run, isCertified: lacking.length === 0, sentence };
}

/** An older version is certified no more once a newer one is called, though nothing speaks against it. */
function lackOf({ assessment, total: { candidateVersion } }: CandidateStanding): string {
  if (assessment.finding !== 'certified') return assessment.sentence;
  return `Version ${candidateVersion} of the candidate is still being called, and has no certificate beside a newer one.`;
}
