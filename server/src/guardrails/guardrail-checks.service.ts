import { Injectable, Logger } from '@nestjs/common';
import { bindQuery, MetricProvider } from '../analysis/index.js';
import { Clock } from '../kernel/clock.js';
import { SluiceError } from '../kernel/errors.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { EnvironmentRevisions, ProjectsReader } from '../projects/index.js';
import { type Check, type Guardrail, type QueryStatement, withPoint } from './guardrail.js';
import { type CheckedGuardrail, GuardrailEffects } from './guardrail-effects.service.js';
import { GuardrailMeasurements } from './guardrail-measurements.service.js';
import { afterCheck, type CheckOutcome } from './guardrail-state.js';
import { GuardrailsRepository } from './guardrails.repository.js';
import { type Finding, judgeAnswer, judgeMeasurements, watchedSince, windowOf } from './judge-statement.js';

/** Providers answer in a bounded time by themselves; this is for one that does not. */
const PATIENCE_MS = 30_000;

/** A guardrail that is due, as it was read. */
interface Due {
  readonly before: Guardrail;
  readonly environment: CheckedGuardrail['environment'];
  /** See Guardrail.watchedSince. */
  readonly since: Date | null;
  readonly now: Date;
}

/** What the store says of it, or the statement that a provider must be asked about. */
type Look = Due &
  (
    { readonly kind: 'found'; readonly finding: Finding } | { readonly kind: 'ask'; readonly statement: QueryStatement }
  );

/**
 * Checks guardrails: read, ask, decide, one effect, save. What a check does is one transaction over the guardrail as it
 * was read, so that of two servers at the same one, or of a check and a person's edit, one alone acts.
 */
@Injectable()
export class GuardrailChecks {
  private readonly logger = new Logger(GuardrailChecks.name);

  // Nine, because a check reads the store, asks others and carries out what follows.
  constructor(
    private readonly transactions: Transactions,
    private readonly guardrails: GuardrailsRepository,
    private readonly measurements: GuardrailMeasurements,
    private readonly provider: MetricProvider,
    private readonly projects: ProjectsReader,
    private readonly revisions: EnvironmentRevisions,
    private readonly effects: GuardrailEffects,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Guardrails that are to be checked now, by id. */
  listDue(limit: number): Promise<readonly string[]> {
    return this.transactions.read((tx) => this.guardrails.listDue(tx, this.clock.now(), limit));
  }

  /** Checks a guardrail if it is due, and answers what it found, if anything. A signal that is aborted leaves it to be checked by another server. */
  async check(guardrailId: string, closing: AbortSignal): Promise<CheckOutcome | undefined> {
    const look = await this.look(guardrailId);
    if (look === undefined) return undefined;
    const finding = look.kind === 'found' ? look.finding : await this.ask(look, look.statement, closing);
    if (closing.aborted) return undefined;
    const checked = decide(look, { ...finding, at: look.now.toISOString() });
    try {
      await this.transactions.run((tx) => this.carryOut(tx, checked, look.now));
      return finding.outcome;
    } catch (error) {
      // A ramp that was to give way to a kill switch has moved; the guardrail is still due.
      if (!(error instanceof SluiceError && error.kind === 'conflict')) throw error;
      this.logger.warn(`Guardrail ${checked.after.key} could not act yet and will be checked again: ${error.message}`);
      return undefined;
    }
  }

  private look(guardrailId: string): Promise<Look | undefined> {
    return this.transactions.read(async (tx) => {
      const before = await this.guardrails.find(tx, guardrailId);
      const now = this.clock.now();
      if (before === null || before.nextCheckAt > now) return undefined;
      const environment = await this.projects.environmentById(tx, before.environmentId);
      if (environment === null) return undefined;
      const due = { before, environment, since: watchedSince(before, now), now };
      const { statement } = before;
      if (statement.kind === 'query') return { ...due, kind: 'ask', statement };
      const measured = await this.measurements.read(tx, environment.id, statement, windowOf(statement, now));
      const finding = judgeMeasurements(statement, { ...measured, watchedSince: due.since });
      return { ...due, kind: 'found', finding };
    });
  }

  /** Never rejects: that it could not ask is a finding too. */
  private async ask({ environment, now }: Due, statement: QueryStatement, closing: AbortSignal): Promise<Finding> {
    const window = windowOf(statement, now);
    const query = bindQuery(statement.query, { service: '', version: '', environment: environment.key }, window);
    const signal = AbortSignal.any([closing, AbortSignal.timeout(PATIENCE_MS)]);
    return judgeAnswer(statement, await this.provider.measure(query, window, signal));
  }

  private async carryOut(tx: Transaction, checked: CheckedGuardrail, now: Date): Promise<void> {
    const { before, after, move, environment } = checked;
    // Whoever changes an environment locks it before anything else.
    if (move === 'broke' && after.onBroken.kill !== null) await this.revisions.lock(tx, environment.id);
    if (!(await this.guardrails.lockAsRead(tx, before))) {
      this.logger.debug(`Guardrail ${before.key} changed while it was checked.`);
      return;
    }
    await this.effects.apply(tx, systemContext(this.ids.next()), checked, now);
  }
}

function decide({ before, environment, since, now }: Due, lastCheck: Check): CheckedGuardrail {
  const { after: standing, move } = afterCheck(before, lastCheck.outcome, before);
  const after: Guardrail = {
    ...before,
    ...standing,
    lastCheck,
    recentChecks: withPoint(before.recentChecks, lastCheck),
    watchedSince: since,
    ...(standing.state === before.state ? {} : { reason: lastCheck.sentence, changedAt: now }),
    nextCheckAt: new Date(now.getTime() + before.intervalSeconds * 1_000),
  };
  return { before, after, move, environment };
}

/** Who acts when a guardrail breaks. */
function systemContext(requestId: string): RequestContext {
  return {
    actor: { kind: 'system', id: 'guardrails', name: 'Guardrails' },
    requestId,
    traceparent: undefined,
    scope: 'instance',
  };
}
