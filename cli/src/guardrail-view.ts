export type GuardrailState = 'unknown' | 'holding' | 'broken' | 'acknowledged' | 'recovered';

/** What is so while the system works: a query's value, or a measurement, within bounds. */
export interface StatementView {
  readonly kind: string;
  readonly windowSeconds: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly metric?: string;
  /** `all`, or `service/…`. */
  readonly subject?: string;
  readonly what?: string;
  readonly query?: {
    readonly kind: string;
    readonly url?: string;
    readonly path?: string;
    readonly address?: string;
    readonly query?: string;
  };
}

/** A guardrail and how it stands, as the REST API answers it; only what the command reads of it. */
export interface GuardrailView {
  readonly key: string;
  readonly environment: string;
  readonly name: string;
  readonly statement: StatementView;
  readonly intervalSeconds: number;
  readonly failureLimit: number;
  readonly recoveryLimit: number;
  readonly onBroken: {
    readonly alert: boolean;
    readonly hold: { readonly covers: 'all' | readonly string[] } | null;
    readonly kill: { readonly flag: string } | null;
  };
  readonly state: GuardrailState;
  /** What was found when it came to its state. */
  readonly reason: string;
  /** Whether rollouts that it covers must wait. */
  readonly isHolding: boolean;
  readonly lastCheck: { readonly sentence: string; readonly at: string } | null;
  readonly acknowledgement: {
    readonly actorName: string;
    readonly comment: string;
    readonly release: boolean;
    readonly at: string;
  } | null;
  readonly changedAt: string;
}
