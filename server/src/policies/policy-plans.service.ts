import { Injectable } from '@nestjs/common';
import { precondition } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';
import { parseInput } from '../kernel/parse.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { summariseTraffic, type TrafficSummary } from './ordinary-traffic.js';
import { planPolicy, type MetricTraffic, type PolicyPlan } from './plan-policy.js';
import { type PlanRequest, planRequestSchema } from './plan-request.js';
import { PoliciesReader, type PolicyAtVersion } from './policies-reader.service.js';
import { isCountMetric } from './policy.js';
import { SlicedWork } from './sliced-work.service.js';
import { TrafficHistory, type TrafficQuestion } from './traffic-history.service.js';

/** What a plan was made from. */
export interface PlannedTraffic {
  readonly unitsPerMinute: number;
  /** Of failing units; null where neither history nor the request tells. */
  readonly badRate: number | null;
  readonly phi: number;
  /** Of the history; null without any. */
  readonly from: Date | null;
  readonly to: Date | null;
  readonly minutes: number;
  /** `given` and `mixed`: the request said all, or one, of units and bad rate. */
  readonly source: 'history' | 'given' | 'mixed';
}

export interface PolicyPlanView extends PolicyPlan {
  readonly policy: { readonly key: string; readonly version: number };
  readonly environment: string;
  readonly subject: string;
  readonly traffic: PlannedTraffic;
}

interface Found {
  readonly policy: PolicyAtVersion;
  readonly units: TrafficSummary | undefined;
  readonly metrics: ReadonlyMap<string, TrafficSummary | undefined>;
}

/** Answers what a policy's steps will be able to see, from recent ordinary traffic. */
@Injectable()
export class PolicyPlans {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly policies: PoliciesReader,
    private readonly history: TrafficHistory,
    private readonly work: SlicedWork,
  ) {}

  /** Throws `precondition` where neither history nor the request tells how much traffic there is, or how bad it is. */
  async plan(
    ctx: RequestContext,
    at: { readonly project: string; readonly policy: string },
    body: unknown,
  ): Promise<PolicyPlanView> {
    const request = parseInput(planRequestSchema, body, 'plan');
    const found = await this.transactions.read((tx) => this.find(tx, ctx, at, request));
    const { policy } = found;
    const traffic = trafficOf(request, found.units);
    requireBadRate(request, found, traffic);
    const metrics = new Map<string, MetricTraffic>();
    for (const metric of policy.document.metrics.filter(isCountMetric)) {
      const its = found.metrics.get(metric.name);
      metrics.set(metric.name, {
        unitsPerMinute: request.unitsPerMinute ?? its?.unitsPerMinute ?? 0,
        badRate: request.badRate ?? its?.badRate ?? null,
        phi: its?.phi ?? 1,
      });
    }
    const question = { policy: policy.document, unitsPerMinute: traffic.unitsPerMinute, traffic: metrics };
    const plan = await this.work.run(planPolicy(question));
    const { environment, subject } = request;
    return {
      policy: { key: policy.key, version: policy.version },
      environment,
      subject,
      traffic,
      ...plan,
      warnings: [...plan.warnings, ...trafficWarnings(found.units)],
    };
  }

  private async find(
    tx: Transaction,
    ctx: RequestContext,
    at: { readonly project: string; readonly policy: string },
    request: PlanRequest,
  ): Promise<Found> {
    const project = await this.projects.project(tx, ctx, at.project);
    const environment = await this.projects.environment(tx, ctx, at.project, request.environment);
    // What zod calls JSON is ours too.
    const given = request.arguments as Readonly<Record<string, Json>>;
    const policy = await this.policies.newest(tx, project, at.policy, given);
    const lookback = this.history.lookback(request.lookbackHours);
    const asked: TrafficQuestion = { environmentId: environment.id, subject: request.subject, ...lookback };
    const metrics = new Map<string, TrafficSummary | undefined>();
    for (const metric of policy.document.metrics.filter(isCountMetric)) {
      metrics.set(metric.name, summariseTraffic(await this.history.ofMetric(tx, asked, metric), lookback.to));
    }
    return { policy, units: summariseTraffic(await this.history.ofUnits(tx, asked), lookback.to), metrics };
  }
}

function trafficOf(request: PlanRequest, units: TrafficSummary | undefined): PlannedTraffic {
  const { unitsPerMinute = units?.unitsPerMinute, badRate = units?.badRate ?? null } = request;
  if (unitsPerMinute === undefined) {
    const { subject, environment, lookbackHours } = request;
    const what = subject === 'all' ? 'No unit' : `No unit of ${subject}`;
    const message =
      `${what} was measured in "${environment}" in the last ${lookbackHours} h, so there is no traffic to plan with. ` +
      `Say "unitsPerMinute" and "badRate", or look back further.`;
    throw precondition('NO_HISTORY', message);
  }
  const given = [request.unitsPerMinute, request.badRate].filter((each) => each !== undefined).length;
  return {
    unitsPerMinute,
    badRate,
    phi: units?.phi ?? 1,
    from: units?.from ?? null,
    to: units?.to ?? null,
    minutes: units?.minutes ?? 0,
    source: given === 0 ? 'history' : given === 2 || units === undefined ? 'given' : 'mixed',
  };
}

/** Refuses a plan of bad events that would know of none of its metrics how often they happen. */
function requireBadRate({ badRate, environment, subject }: PlanRequest, found: Found, traffic: PlannedTraffic): void {
  const counted = found.policy.document.metrics.filter(isCountMetric);
  if (badRate !== undefined || counted.length === 0) return;
  if (counted.some(({ name }) => (found.metrics.get(name)?.badRate ?? null) !== null)) return;
  const names = counted.map(({ name }) => name).join(', ');
  const why = traffic.minutes === 0 ? 'nothing was measured' : 'history does not tell';
  const message = `How often ${names} of ${subject} goes bad in "${environment}" is not known: ${why}. Say "badRate".`;
  throw precondition('BAD_RATE_UNKNOWN', message);
}

function trafficWarnings(units: TrafficSummary | undefined): readonly string[] {
  if (units !== undefined && units.isPhiKnown) return [];
  return ['There are less than 30 minutes of history by the minute: bursts of bad events are not known.'];
}
