/** What of a policy's document is drawn before anything runs: it is an open document for the API's clients. */
interface PolicyDocument {
  readonly steps?: readonly {
    readonly share: number;
    readonly holdSeconds: number;
    readonly minimumUnits?: number;
    readonly sampling?: number;
    readonly gates?: readonly { readonly kind: GateKind }[];
  }[];
  readonly metrics?: readonly unknown[];
}

export type GateKind = 'approval' | 'webhook' | 'analysis' | 'certificate';

/** A step that is ahead, as steps of an attempt are told. */
export interface PlannedStep {
  readonly index: number;
  readonly share: number;
  readonly sampling: number;
  readonly holdSeconds: number;
  readonly minimumUnits: number;
  readonly state: 'ahead';
  readonly plannedAt: string;
  readonly enteredAt: null;
  readonly leftAt: null;
  readonly expectedAt: null;
  readonly gates: readonly { readonly kind: GateKind; readonly isOpen: null; readonly sentence: string }[];
}

/** The steps of a policy, were it started at a moment and each lasted its hold and no longer. */
export function policySteps(
  policy: unknown,
  startAt: Date,
  gateWords: Readonly<Record<GateKind, string>>,
): readonly PlannedStep[] {
  let planned = startAt.getTime();
  let sampled = 0;
  return (documentOf(policy).steps ?? []).map((step, index) => {
    const { share, holdSeconds, minimumUnits = 0, sampling = sampled, gates = [] } = step;
    const plannedAt = new Date(planned).toISOString();
    planned += holdSeconds * 1_000;
    sampled = sampling;
    return {
      ...{ index, share, sampling, holdSeconds, minimumUnits, plannedAt },
      state: 'ahead',
      enteredAt: null,
      leftAt: null,
      expectedAt: null,
      gates: gates.map(({ kind }) => ({ kind, isOpen: null, sentence: gateWords[kind] })),
    };
  });
}

/** Whether anything is measured under it. */
export function hasMetrics(policy: unknown): boolean {
  return (documentOf(policy).metrics ?? []).length > 0;
}

function documentOf(policy: unknown): PolicyDocument {
  // The API's PolicyDocument; a document of none of its fields has no steps to show.
  return typeof policy === 'object' && policy !== null ? policy : {};
}
