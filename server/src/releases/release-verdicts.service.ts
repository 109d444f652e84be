import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { SERVER_VERSION } from '../platform/version.js';
import { RolloutsReader, type VerdictBundle } from '../rollouts/index.js';
import { ReleasesReader } from './releases-reader.service.js';

/** Hands out what releases were judged by. */
@Injectable()
export class ReleaseVerdicts {
  constructor(
    private readonly transactions: Transactions,
    private readonly releases: ReleasesReader,
    private readonly rollouts: RolloutsReader,
  ) {}

  /** The bundle of an attempt, of the newest unless said; throws `notFound` for one that never was. */
  bundle(ctx: RequestContext, id: string, attempt: number | undefined): Promise<VerdictBundle> {
    return this.transactions.read(async (tx) => {
      const { release, environment } = await this.releases.require(tx, ctx, id);
      const rollout = await this.rollouts.attempt(tx, id, attempt ?? release.attempt);
      if (rollout === null) {
        const message = `Release ${id} has no attempt ${attempt ?? release.attempt}; it has made ${release.attempt}.`;
        throw notFound('ATTEMPT_NOT_FOUND', message);
      }
      const observations = await this.rollouts.observations(tx, rollout.id);
      const verdicts = await this.rollouts.verdicts(tx, rollout.id);
      const { name, policyKey, policyVersion, contentHash } = release;
      const { policy, targets, status, evidence, ramp } = rollout;
      return {
        schema: 'sluice.verdict-bundle/1',
        codeVersion: SERVER_VERSION,
        release: {
          id,
          name,
          project: environment.projectKey,
          environment: environment.key,
          policyKey,
          policyVersion,
          contentHash,
        },
        rollout: {
          id: rollout.id,
          attempt: rollout.attempt,
          status,
          reason: ramp.reason,
          policy,
          targets,
          before: evidence.before,
          verdict: evidence.state,
          ...(ramp.keptTicks === undefined ? {} : { keptTicks: ramp.keptTicks }),
        },
        ticks: observations.map(({ tick, at, body }) => ({ tick, at: at.toISOString(), body })),
        verdicts: verdicts.map(({ tick, at, state, metrics }) => ({ tick, at: at.toISOString(), state, metrics })),
      };
    });
  }
}
