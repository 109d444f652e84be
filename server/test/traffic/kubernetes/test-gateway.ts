import type { FoundRoute } from '../../../src/traffic/gateway-api/read-http-route.js';
import type { KubernetesServer } from './kubernetes-server.js';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** What of a rule routes. */
interface Rule {
  readonly matches?: readonly { readonly headers?: readonly { readonly name: string; readonly value: string }[] }[];
  readonly backendRefs?: readonly { readonly name: string; readonly weight?: number }[];
}

/** Numerical Recipes' linear congruential generator: chance that is the same in every run. */
const [FACTOR, STEP, MODULUS] = [1_664_525, 1_013_904_223, 2 ** 32];

/**
 * A Gateway and its controller: it reads a route whenever that changes, says its conditions of that generation, and
 * routes by what it accepted last. Requests are drawn one by one by weight, as the API says.
 */
export class TestGateway {
  private readonly served = new Map<string, readonly Rule[]>();
  private drawn = 20_261_121;

  constructor(
    private readonly cluster: KubernetesServer,
    private readonly name: string,
    /** None: it says nothing. */
    public conditions: readonly Condition[],
  ) {
    cluster.onChange = (changed) => this.reconcile(changed);
  }

  /** Looks at a route, as its controller does by itself when it changes. */
  reconcile(name: string): void {
    // The store holds a route to its schema.
    const route = this.cluster.routes.get(name) as FoundRoute | undefined;
    if (route === undefined || this.conditions.length === 0) return;
    const { generation = 0 } = route.metadata;
    const conditions = this.conditions.map((condition) => ({
      ...condition,
      observedGeneration: generation,
      lastTransitionTime: '2026-11-21T00:00:00Z',
    }));
    const controllerName = 'sluice.dev/test-gateway';
    const parents = (route.spec?.parentRefs ?? []).map((parentRef) => ({ parentRef, controllerName, conditions }));
    this.cluster.routes.setStatus(name, { parents });
    // What its schema lets through are such rules.
    if (this.conditions.every(({ status }) => status === 'True'))
      this.served.set(name, (route.spec?.rules ?? []) as readonly Rule[]);
  }

  /** The Service that a request goes to; undefined: to none. The match with most headers wins. */
  serviceFor(headers: Readonly<Record<string, string>>): string | undefined {
    const rules = this.served.get(this.name) ?? [];
    const best = rules
      .flatMap(({ matches = [], backendRefs = [] }) =>
        matches.map(({ headers: asked = [] }) => ({ asked, backendRefs })),
      )
      .filter(({ asked }) => asked.every(({ name, value }) => headers[name] === value))
      .sort((one, other) => other.asked.length - one.asked.length)[0];
    const refs = best?.backendRefs ?? [];
    let left = this.draw() * refs.reduce((sum, { weight = 1 }) => sum + weight, 0);
    return refs.find(({ weight = 1 }) => (left -= weight) < 0)?.name;
  }

  private draw(): number {
    this.drawn = (this.drawn * FACTOR + STEP) % MODULUS;
    return this.drawn / MODULUS;
  }
}
