import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { EventLog } from '../events/index.js';
import { type KillOutcome, KillSwitch } from '../flags/index.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Environment } from '../projects/index.js';
import type { Guardrail } from './guardrail.js';
import { eventOf } from './guardrail-event.js';
import type { GuardrailMove } from './guardrail-state.js';
import { GuardrailsRepository } from './guardrails.repository.js';

/** A guardrail before and after a check, and what that sets off. */
export interface CheckedGuardrail {
  readonly before: Guardrail;
  readonly after: Guardrail;
  readonly move: GuardrailMove | undefined;
  readonly environment: Pick<Environment, 'id' | 'key'> & { readonly projectKey: string };
}

/** Carries out what a check sets off, and stores it: all inside the caller's transaction. */
@Injectable()
export class GuardrailEffects {
  constructor(
    private readonly guardrails: GuardrailsRepository,
    private readonly kills: KillSwitch,
    private readonly events: EventLog,
    private readonly audit: AuditService,
  ) {}

  /** The guardrail is locked as it was read, so that nothing is set off twice. */
  async apply(tx: Transaction, ctx: RequestContext, checked: CheckedGuardrail, now: Date): Promise<void> {
    const { before, after, move } = checked;
    const kill = move === 'broke' ? await this.pullKillSwitch(tx, ctx, checked) : undefined;
    await this.guardrails.saveChecked(tx, after);
    if (move === undefined) return;
    const type = move === 'broke' ? 'dev.sluice.guardrail.broken' : 'dev.sluice.guardrail.recovered';
    await this.events.append(tx, eventOf(type, after, now, kill === undefined ? {} : { kill }));
    await this.audit.record(tx, ctx, move === 'broke' ? 'guardrail.broken' : 'guardrail.recovered', {
      projectId: after.projectId,
      subject: `guardrail/${after.key}/${checked.environment.key}`,
      before: { state: before.state },
      after: { state: after.state, reason: after.reason, ...(kill === undefined ? {} : { kill }) },
    });
  }

  private async pullKillSwitch(
    tx: Transaction,
    ctx: RequestContext,
    { after, environment }: CheckedGuardrail,
  ): Promise<KillOutcome | undefined> {
    const { kill } = after.onBroken;
    if (kill === null) return undefined;
    return this.kills.pull(tx, ctx, {
      project: { id: after.projectId, key: environment.projectKey },
      environment,
      flag: kill.flag,
      takeOver: {
        by: 'guardrail',
        guardrail: after.key,
        reason: `guardrail "${after.name}" is broken: ${after.reason}`,
      },
    });
  }
}
