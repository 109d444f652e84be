import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import { type Guardrail as Row, Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Guardrail, GuardrailDefinition } from './guardrail.js';
import { type Acknowledgement, type CheckCounts, GUARDRAIL_STATES, type GuardrailState } from './guardrail-state.js';

/** What the column `definition` holds. */
type StoredDefinition = Omit<GuardrailDefinition, 'name'>;

/** What the column `counters` holds. */
interface StoredChecks {
  readonly counts: CheckCounts;
  readonly lastCheck: Guardrail['lastCheck'];
  /** Absent where the last check was made before it was kept. */
  readonly recentChecks?: Guardrail['recentChecks'];
  /** RFC 3339. */
  readonly watchedSince: string | null;
}

/** Guardrails that stand alike. */
export interface StateCount {
  readonly state: GuardrailState;
  readonly count: number;
  readonly firstDueAt: Date | null;
}

@Injectable()
export class GuardrailsRepository {
  async find(tx: Transaction, id: string): Promise<Guardrail | null> {
    const row = await clientOf(tx).guardrail.findUnique({ where: { id } });
    return row === null ? null : toGuardrail(row);
  }

  async findByKey(tx: Transaction, environmentId: string, key: string): Promise<Guardrail | null> {
    const row = await clientOf(tx).guardrail.findUnique({ where: { environmentId_key: { environmentId, key } } });
    return row === null ? null : toGuardrail(row);
  }

  /** As findByKey; nobody else saves it until the transaction ends. */
  async lockByKey(tx: Transaction, environmentId: string, key: string): Promise<Guardrail | null> {
    await clientOf(tx).$executeRaw`
      SELECT FROM guardrail WHERE environment_id = ${environmentId}::uuid AND key = ${key} FOR UPDATE`;
    return this.findByKey(tx, environmentId, key);
  }

  /** A project's guardrails, of some environments where those are given, in order of creation. */
  async listPage(
    tx: Transaction,
    projectId: string,
    { limit, after }: PageRequest,
    environmentIds: readonly string[] | undefined,
  ): Promise<readonly Guardrail[]> {
    const rows = await clientOf(tx).guardrail.findMany({
      where: {
        projectId,
        ...(environmentIds === undefined ? {} : { environmentId: { in: [...environmentIds] } }),
        ...(after === undefined ? {} : { id: { gt: after } }),
      },
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
    return rows.map(toGuardrail);
  }

  /** Guardrails of environments in any of the states, in order of key. */
  async listInState(
    tx: Transaction,
    environmentIds: readonly string[],
    states: readonly GuardrailState[],
  ): Promise<readonly Guardrail[]> {
    const rows = await clientOf(tx).guardrail.findMany({
      where: { environmentId: { in: [...environmentIds] }, state: { in: [...states] } },
      orderBy: { key: 'asc' },
    });
    return rows.map(toGuardrail);
  }

  /** How many guardrails of environments stand in each way. */
  async countByState(
    tx: Transaction,
    environmentIds: readonly string[],
  ): Promise<Readonly<Record<GuardrailState, number>>> {
    const groups = await clientOf(tx).guardrail.groupBy({
      by: ['state'],
      where: { environmentId: { in: [...environmentIds] } },
      _count: true,
    });
    const counted = new Map(groups.map(({ state, _count }) => [state, _count]));
    // Every state is a key.
    return Object.fromEntries(GUARDRAIL_STATES.map((state) => [state, counted.get(state) ?? 0])) as Record<
      GuardrailState,
      number
    >;
  }

  /** Guardrails of all projects by how they stand, and when the first of each kind is to be checked. */
  async countStates(tx: Transaction): Promise<readonly StateCount[]> {
    const rows = await clientOf(tx).guardrail.groupBy({ by: ['state'], _count: true, _min: { nextCheckAt: true } });
    // Only states of guardrails are ever stored.
    return rows.map(({ state, _count: count, _min: { nextCheckAt } }) => {
      return { state: state as GuardrailState, count, firstDueAt: nextCheckAt };
    });
  }

  /** Guardrails that are to be checked, those that wait longest first. */
  async listDue(tx: Transaction, now: Date, limit: number): Promise<readonly string[]> {
    const rows = await clientOf(tx).guardrail.findMany({
      where: { nextCheckAt: { lte: now } },
      orderBy: { nextCheckAt: 'asc' },
      take: limit,
      select: { id: true },
    });
    return rows.map(({ id }) => id);
  }

  async insert(tx: Transaction, guardrail: Guardrail): Promise<void> {
    const { count } = await clientOf(tx).guardrail.createMany({ data: [toRow(guardrail)], skipDuplicates: true });
    if (count > 0) return;
    const message = `This environment has a guardrail "${guardrail.key}" already; edit it or choose another key.`;
    throw conflict('GUARDRAIL_EXISTS', message);
  }

  /** Stores what a person made of a guardrail over what it was made from, and returns it with its new version. */
  async save(tx: Transaction, guardrail: Guardrail): Promise<Guardrail> {
    const after = { ...guardrail, version: guardrail.version + 1 };
    const where = { id: guardrail.id, version: guardrail.version };
    const { count } = await clientOf(tx).guardrail.updateMany({ where, data: toRow(after) });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this guardrail at the same moment; try again.');
    return after;
  }

  /**
   * Keeps others from saving a guardrail until the transaction ends; says whether it is as it was read: neither edited,
   * nor acknowledged, nor checked since, by this server or another one.
   */
  async lockAsRead(tx: Transaction, { id, version, nextCheckAt }: Guardrail): Promise<boolean> {
    const rows = await clientOf(tx).$queryRaw<readonly unknown[]>`
      SELECT FROM guardrail
      WHERE id = ${id}::uuid AND version = ${version} AND next_check_at = ${nextCheckAt}::timestamptz
      FOR UPDATE`;
    return rows.length > 0;
  }

  /** Stores what a check made of a guardrail that this transaction has locked. Its version stays. */
  async saveChecked(tx: Transaction, guardrail: Guardrail): Promise<void> {
    await clientOf(tx).guardrail.update({ where: { id: guardrail.id }, data: toRow(guardrail) });
  }

  async delete(tx: Transaction, { id, version }: Guardrail): Promise<void> {
    const { count } = await clientOf(tx).guardrail.deleteMany({ where: { id, version } });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this guardrail at the same moment; try again.');
  }
}

/** What the pure files of this folder make is JSON by construction. */
function json(value: unknown): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue;
}

function toRow(guardrail: Guardrail): Prisma.GuardrailCreateManyInput {
  const { statement, intervalSeconds, failureLimit, recoveryLimit, onBroken, ...rest } = guardrail;
  const { counts, lastCheck, recentChecks, watchedSince, acknowledgement, ...columns } = rest;
  const definition: StoredDefinition = { statement, intervalSeconds, failureLimit, recoveryLimit, onBroken };
  const checks: StoredChecks = { counts, lastCheck, recentChecks, watchedSince: watchedSince?.toISOString() ?? null };
  return {
    ...columns,
    definition: json(definition),
    counters: json(checks),
    acknowledged: acknowledgement === null ? Prisma.DbNull : json(acknowledgement),
  };
}

function toGuardrail({ definition, counters, acknowledged, ...columns }: Row): Guardrail {
  // Only what toRow was given is ever stored.
  const { counts, lastCheck, recentChecks = [], watchedSince } = counters as unknown as StoredChecks;
  return {
    ...columns,
    ...(definition as unknown as StoredDefinition),
    state: columns.state as GuardrailState,
    counts,
    lastCheck,
    recentChecks,
    watchedSince: watchedSince === null ? null : new Date(watchedSince),
    acknowledgement: acknowledged as unknown as Acknowledgement | null,
  };
}
