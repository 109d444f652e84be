import { Injectable } from '@nestjs/common';
import { limited, precondition } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';
import { parseInput } from '../kernel/parse.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { PoliciesReader, type PolicyAtVersion } from '../policies/index.js';
import { ProjectsReader } from '../projects/index.js';
import { type BackTestRequest, backTestRequestSchema } from './back-test-request.js';
import { BackTestReplays, type RecordedPart } from './back-test-replays.service.js';
import { BackTestSplits, type SplitPart } from './back-test-splits.service.js';

const RETRY_AFTER_SECONDS = 10;

export interface BackTest {
  readonly policy: { readonly key: string; readonly version: number };
  readonly seed: number;
  readonly recorded: RecordedPart;
  /** Null where no traffic could be split; the warnings say why. */
  readonly splits: SplitPart | null;
  readonly warnings: readonly string[];
}

interface Place {
  readonly projectId: string;
  readonly environment: { readonly id: string; readonly key: string } | undefined;
  readonly policy: PolicyAtVersion;
}

/** Tells how often a policy would have fired: on recorded rollouts, and on ordinary traffic that is split at random. */
@Injectable()
export class BackTests {
  private isRunning = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly policies: PoliciesReader,
    private readonly replays: BackTestReplays,
    private readonly splits: BackTestSplits,
  ) {}

  /**
   * Throws `precondition` where there is nothing to replay, or more than a server should reckon for one request, and
   * `limited` while another back-test runs in this process.
   */
  async run(
    ctx: RequestContext,
    at: { readonly project: string; readonly policy: string },
    body: unknown,
  ): Promise<BackTest> {
    const request = parseInput(backTestRequestSchema, body ?? {}, 'back-test');
    const place = await this.transactions.read((tx) => this.find(tx, ctx, at, request));
    if (this.isRunning) {
      const message = `Another back-test is running on this server; try again in ${RETRY_AFTER_SECONDS} s.`;
      throw limited('BACK_TEST_RUNNING', message, { data: { retryAfterSeconds: RETRY_AFTER_SECONDS } });
    }
    this.isRunning = true;
    try {
      return await this.test(place, request);
    } finally {
      this.isRunning = false;
    }
  }

  private async test({ projectId, environment, policy }: Place, request: BackTestRequest): Promise<BackTest> {
    const { document } = policy;
    const { task, traffic, warnings } = await this.splits.prepare(document, environment, request);
    const where = { projectId, environmentId: environment?.id, limit: request.releases };
    const recorded = await this.replays.replay(document, where);
    if (recorded.rollouts.length === 0 && task === undefined) {
      const why = warnings.length === 0 ? '' : ` ${warnings.join(' ')}`;
      throw precondition('NOTHING_TO_REPLAY', `No finished rollout is on record, and no traffic can be split.${why}`);
    }
    const splits = task === undefined ? null : { ...traffic, ...(await this.splits.run(task)) };
    const { key, version } = policy;
    return { policy: { key, version }, seed: request.seed, recorded, splits, warnings };
  }

  private async find(
    tx: Transaction,
    ctx: RequestContext,
    at: { readonly project: string; readonly policy: string },
    { environment: key, arguments: given }: BackTestRequest,
  ): Promise<Place> {
    const environment = key === undefined ? undefined : await this.projects.environment(tx, ctx, at.project, key);
    const project =
      environment === undefined
        ? await this.projects.wholeProject(tx, ctx, at.project)
        : await this.projects.project(tx, ctx, at.project);
    // What zod calls JSON is ours too.
    const filled = given as Readonly<Record<string, Json>>;
    return { projectId: project.id, environment, policy: await this.policies.newest(tx, project, at.policy, filled) };
  }
}
