import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayApiRoute } from '../../platform/config/traffic.js';
import { capacityOf, refusalOf } from '../admit-shift.js';
import { type Capacity, type ShiftOptions, type ShiftOutcome, TrafficRouter } from '../traffic-router.js';
import { toUnreachable, unreachable } from '../unreachable.js';
import { type EndpointSliceList, endpointsOf } from './endpoint-slices.js';
import { HTTP_ROUTE_API, httpRouteOf } from './http-route.js';
import { KubernetesApi, type KubernetesAnswer } from './kubernetes-api.adapter.js';
import { conflictingManagers, type KubernetesStatus, wordsOf } from './kubernetes-problem.js';
import { type FoundRoute, hasApplied, isAsApplied, shareIn } from './read-http-route.js';
import { type Acceptance, acceptanceOf } from './route-acceptance.js';

/** Under which name the API server keeps what Sluice owns. */
const FIELD_MANAGER = 'sluice';
const POLL_MS = 100;

/**
 * Moves traffic through the weights of an HTTPRoute (Gateway API v1), which any Gateway implementation serves: every
 * share is exact as it is written. It is applied server-side, so Sluice owns the route's rules (a list that the API holds
 * whole) and leaves the rest to whoever wrote it. What the API server took counts once every Gateway of the route has
 * accepted that generation. Requests are split one by one: the API keeps no user on one side, nor counts any.
 */
export class GatewayApiRouter extends TrafficRouter {
  private readonly api: KubernetesApi;
  private readonly path: string;
  private readonly routeName: string;

  constructor(private readonly route: GatewayApiRoute) {
    super();
    this.api = new KubernetesApi(route);
    this.path = `/apis/${HTTP_ROUTE_API}/namespaces/${route.namespace}/httproutes/${route.name}`;
    this.routeName = `${route.project}/${route.environment}/${route.service}`;
  }

  override async capacity(): Promise<Capacity> {
    const { stable, candidate } = this.route;
    const [ofStable, ofCandidate] = await Promise.all([this.endpoints(stable), this.endpoints(candidate)]);
    return capacityOf(endpointsOf(ofStable), endpointsOf(ofCandidate));
  }

  override async shift(share: number, { isEmergency = false }: ShiftOptions = {}): Promise<ShiftOutcome> {
    try {
      const found = await this.find();
      const now = found && shareIn(found, this.route);
      const manifest = httpRouteOf(this.route, share, this.routeName);
      if (found !== undefined && isAsApplied(found, manifest)) {
        return await this.confirmed(share, { kind: 'unchanged', share });
      }
      if (now !== share) {
        const { capacity: rule } = this.route;
        const refusal = refusalOf({ now, share, capacity: await this.capacity(), rule, isEmergency });
        if (refusal) return refusal;
      }
      return await this.apply(share, found, now);
    } catch (error) {
      return toUnreachable(error);
    }
  }

  override async asked(): Promise<number | undefined> {
    const found = await this.find();
    return found && shareIn(found, this.route);
  }

  /** Nothing of the Gateway API counts requests. */
  override counts(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Takes back what others changed of what was Sluice's; what never was stays theirs, unless the operator says so. */
  private async apply(share: number, found: FoundRoute | undefined, from: number | undefined): Promise<ShiftOutcome> {
    const isOurs = found !== undefined && hasApplied(found, FIELD_MANAGER);
    const isForced = isOurs || this.route.conflicts === 'take';
    const manifest = httpRouteOf(this.route, share, this.routeName);
    const { status, body } = await this.api.apply(this.path, manifest, FIELD_MANAGER, isForced);
    if (status === 200 || status === 201) return this.confirmed(share, { kind: 'shifted', from, share });
    const problem = problemIn(body);
    if (status === 409) {
      const managers = conflictingManagers(problem);
      if (managers.length === 0) throw this.refusedBy({ status, body });
      const others = managers.map((name) => `"${name}"`).join(', ');
      const what = `The rules of the HTTPRoute ${this.route.name} belong to ${others}`;
      const sentence = `${what}. Let them go there, or set "conflicts" to "take". Nothing was moved.`;
      return { kind: 'refused', code: 'CONFIG_REJECTED', sentence };
    }
    if (status === 400 || status === 422) {
      const sentence = `Kubernetes does not take the HTTPRoute ${this.route.name}: ${wordsOf(problem)}`;
      return { kind: 'refused', code: 'CONFIG_REJECTED', sentence };
    }
    throw this.refusedBy({ status, body });
  }

  /** Waits for every Gateway of the route to have taken the share. */
  private async confirmed(
    share: number,
    outcome: Extract<ShiftOutcome, { kind: 'shifted' | 'unchanged' }>,
  ): Promise<ShiftOutcome> {
    const deadline = performance.now() + this.route.timeoutMs;
    for (;;) {
      const acceptance = await this.acceptance(share);
      if (acceptance.kind === 'accepted') return outcome;
      const isOver = acceptance.kind === 'rejected' || performance.now() + POLL_MS > deadline;
      if (isOver) return { kind: 'unconfirmed', share, sentence: acceptance.sentence };
      await sleep(POLL_MS);
    }
  }

  private async acceptance(share: number): Promise<Acceptance> {
    try {
      const found = await this.find();
      if (found !== undefined && shareIn(found, this.route) === share) return acceptanceOf(found);
      const sentence = `Kubernetes took the share, and somebody has changed the HTTPRoute ${this.route.name} since.`;
      return { kind: 'rejected', sentence };
    } catch (error) {
      return { kind: 'waiting', sentence: toUnreachable(error).sentence };
    }
  }

  private async find(): Promise<FoundRoute | undefined> {
    const answer = await this.api.get(this.path);
    if (answer.status === 404 && isMissingRoute(answer.body, this.route.name)) return undefined;
    if (answer.status !== 200) throw this.refusedBy(answer);
    // The API server holds an HTTPRoute to its schema.
    return answer.body as FoundRoute;
  }

  private async endpoints(service: string): Promise<EndpointSliceList> {
    const selector = new URLSearchParams({ labelSelector: `kubernetes.io/service-name=${service}` });
    const path = `/apis/discovery.k8s.io/v1/namespaces/${this.route.namespace}/endpointslices?${selector.toString()}`;
    const answer = await this.api.get(path);
    if (answer.status !== 200) throw this.refusedBy(answer);
    // A list of what was asked for.
    return answer.body as EndpointSliceList;
  }

  private refusedBy({ status, body }: KubernetesAnswer): Error {
    const { cluster } = this.route;
    return unreachable(`The Kubernetes API at ${cluster} answers ${status}: ${wordsOf(problemIn(body))}`);
  }
}

function problemIn(body: unknown): KubernetesStatus {
  // Every refusal of the API is a Status; of anything else, no field is there to read.
  return typeof body === 'object' && body !== null ? body : {};
}

/** A cluster that has no HTTPRoutes at all answers 404 too, and names none. */
function isMissingRoute(body: unknown, name: string): boolean {
  const details = typeof body === 'object' && body !== null && 'details' in body ? body.details : undefined;
  return typeof details === 'object' && details !== null && 'name' in details && details.name === name;
}
