import { Injectable } from '@nestjs/common';
import { FlagRetirement } from '../flags/index.js';
import { Clock } from '../kernel/clock.js';
import { precondition } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import type { PolicyDocument } from '../policies/index.js';
import type { Release } from './release.js';

const DAY_MS = 86_400_000;

/** Flags that are to be gone by now are debt: releases set the dates, and a policy may refuse to add to what is overdue. */
@Injectable()
export class FlagDebt {
  constructor(
    private readonly retirement: FlagRetirement,
    private readonly clock: Clock,
  ) {}

  /** Throws `precondition` when the project has more overdue flags than the policy bears. */
  async require(tx: Transaction, projectId: string, { maxOverdueFlags }: PolicyDocument): Promise<void> {
    if (maxOverdueFlags === undefined) return;
    const overdue = await this.retirement.overdue(tx, projectId, this.clock.now());
    if (overdue.length <= maxOverdueFlags) return;
    const shown = overdue.slice(0, 5).join(', ');
    const message =
      `${overdue.length} flags are past their due date (${shown}${overdue.length > 5 ? ', …' : ''}), and the policy bears ` +
      `${maxOverdueFlags}: remove them and their code, or give them a later date.`;
    throw precondition('FLAG_DEBT', message, { data: { overdue, maxOverdueFlags } });
  }

  /** What was released for good has its due date from now on. */
  async begin(tx: Transaction, ctx: RequestContext, { projectId, changes }: Release): Promise<void> {
    for (const change of changes) {
      if (change.kind !== 'flag' || change.retireAfterDays === undefined) continue;
      const dueAt = new Date(this.clock.now().getTime() + change.retireAfterDays * DAY_MS);
      await this.retirement.schedule(tx, ctx, { projectId, flag: change.flag, dueAt });
    }
  }
}
