import { Injectable } from '@nestjs/common';
import { stringify } from 'yaml';
import { Clock } from '../kernel/clock.js';
import { pointer, SluiceError } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { leastSecondsToFull, type PolicyDocument, PolicyPlans, type PolicyPlanView } from '../policies/index.js';
import { RolloutPreviews, type RolloutPlace, type TargetChange } from '../rollouts/index.js';
import type { ReleaseDraft } from './parse-release.js';
import type { Release, ReleaseChange } from './release.js';
import { startObstacle } from './release-abilities.js';
import { ReleaseComposer } from './release-composer.service.js';
import { ReleaseStarts } from './release-starts.service.js';
import { ReleaseTwins } from './release-twins.service.js';
import { cliCommandOf, curlCommandOf, type Rendered } from './render-release.js';

/** What asking for a release would come to. */
export interface ReleasePreview {
  /** All that would refuse it, or keep it from starting where it asks to. */
  readonly refusals: readonly SluiceError[];
  /** Before and after, in the order of the changes; those that are refused are left out. */
  readonly changes: readonly TargetChange[];
  /** A release that is this one already, and would be answered; null: it would be new. */
  readonly existingId: string | null;
  readonly policy: { readonly key: string; readonly version: number; readonly document: PolicyDocument } | null;
  /** Every step its hold and no longer, in seconds; null where the policy is not known. */
  readonly leastSecondsToFull: number | null;
  readonly approvalsToStart: number;
  readonly plan: PolicyPlanView | null;
  /** Why there is no plan. */
  readonly planRefusal: SluiceError | null;
  /** The same as texts; null where the document cannot be read. */
  readonly yaml: string | null;
  readonly cliCommand: string | null;
  readonly curlCommand: string | null;
}

interface Looked {
  readonly wanted: Release | null;
  readonly changes: readonly TargetChange[];
  readonly existingId: string | null;
}

const NOTHING_LOOKED: Looked = { wanted: null, changes: [], existingId: null };

/** Tells what asking for a release would come to, all problems at once. Stores nothing. */
@Injectable()
export class ReleasePreviews {
  // Seven, for a preview asks all that making a release asks, and what its policy will see.
  constructor(
    private readonly transactions: Transactions,
    private readonly composer: ReleaseComposer,
    private readonly starts: ReleaseStarts,
    private readonly twins: ReleaseTwins,
    private readonly rollouts: RolloutPreviews,
    private readonly plans: PolicyPlans,
    private readonly clock: Clock,
  ) {}

  /** `traffic` is what is said of ordinary traffic for the plan; as a plan's request has it, without environment. */
  async preview(ctx: RequestContext, body: Json, traffic: object): Promise<ReleasePreview> {
    const refusals: SluiceError[] = [];
    const draft = await caught(refusals, () => this.composer.read(body));
    const looked =
      draft === undefined ? NOTHING_LOOKED : await this.transactions.read((tx) => this.look(tx, ctx, draft, refusals));
    const { wanted, changes, existingId } = looked;
    const planRefusals: SluiceError[] = [];
    const plan = draft && (await caught(planRefusals, () => this.plan(ctx, draft, traffic)));
    const rendered = draft && { body, draft, yaml: stringify(body) };
    return {
      refusals,
      changes,
      existingId,
      policy: wanted && { key: wanted.policyKey, version: wanted.policyVersion, document: wanted.policy },
      leastSecondsToFull: wanted && leastSecondsToFull(wanted.policy),
      approvalsToStart: wanted?.policy.approvalsToStart ?? 0,
      plan: plan ?? null,
      planRefusal: planRefusals[0] ?? null,
      ...textsOf(rendered),
    };
  }

  private async look(
    tx: Transaction,
    ctx: RequestContext,
    draft: ReleaseDraft,
    refusals: SluiceError[],
  ): Promise<Looked> {
    const place = await caught(refusals, () => this.composer.place(tx, ctx, draft));
    if (place === undefined) return NOTHING_LOOKED;
    const wanted = await caught(refusals, () => this.composer.compose(tx, ctx, draft, place));
    const changes = await this.changes(tx, place, { draft, wanted }, refusals);
    if (wanted === undefined) return { ...NOTHING_LOOKED, changes };
    // A reason given for builds that were rolled back is taken when the release is made: it would be on record.
    const { overrideRejection } = draft;
    if (overrideRejection === null) {
      await caught(refusals, () => this.starts.requireUnrejected(tx, ctx, wanted, null));
    }
    const obstacle = draft.start ? startObstacle(wanted.policy, 0, this.clock.now()) : undefined;
    if (obstacle !== undefined) refusals.push(obstacle);
    const existing = await caught(refusals, () => this.twins.find(tx, wanted));
    return { wanted, changes, existingId: existing?.id ?? null };
  }

  private async changes(
    tx: Transaction,
    place: RolloutPlace,
    { draft, wanted }: { readonly draft: ReleaseDraft; readonly wanted: Release | undefined },
    refusals: SluiceError[],
  ): Promise<readonly TargetChange[]> {
    const targets = wanted?.changes ?? draft.changes.map(asChange);
    const foreseen = await this.rollouts.foresee(tx, place, { targets, policy: wanted?.policy ?? { steps: [] } });
    return foreseen.flatMap((each, index) => {
      if (each.kind === 'change') return [each.change];
      const { code, message } = each.error;
      // What was looked up to put the release together was told already, but not of which change.
      const told = refusals.findIndex((refusal) => refusal.code === code && refusal.message === message);
      refusals.splice(told < 0 ? refusals.length : told, 1, ofChange(index, each.error));
      return [];
    });
  }

  private plan(ctx: RequestContext, draft: ReleaseDraft, traffic: object): Promise<PolicyPlanView> {
    const { project, environment, policy, arguments: given } = draft;
    return this.plans.plan(ctx, { project, policy }, { ...traffic, environment, arguments: given });
  }
}

/** What a use case answers; undefined where it refuses, and its refusal is noted. */
async function caught<T>(refusals: SluiceError[], useCase: () => Promise<T>): Promise<T | undefined> {
  try {
    return await useCase();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    refusals.push(error);
    return undefined;
  }
}

/** A refusal that says which change it is of. */
function ofChange(index: number, error: SluiceError): SluiceError {
  const { kind, code, message, data, problems } = error;
  if (problems.length > 0) return error;
  return new SluiceError(kind, code, message, {
    data,
    problems: [{ pointer: pointer('/changes', index), code, message }],
  });
}

/** A build that nobody reported has no digest to show. */
function asChange(change: ReleaseDraft['changes'][number]): ReleaseChange {
  return change.kind === 'service' ? { ...change, digest: change.digest ?? '' } : change;
}

function textsOf(rendered: Rendered | undefined): Pick<ReleasePreview, 'yaml' | 'cliCommand' | 'curlCommand'> {
  if (rendered === undefined) return { yaml: null, cliCommand: null, curlCommand: null };
  const { yaml } = rendered;
  return { yaml, cliCommand: cliCommandOf(rendered), curlCommand: curlCommandOf(rendered) };
}
