/** What a webhook gate of a step is asked: may the ramp go on from here? */
export interface GateQuestion {
  /** The same however often this is asked. */
  readonly id: string;
  readonly url: string;
  readonly timeoutMs: number;
  /** What the step has come to. Plain JSON. */
  readonly body: object;
}

/** Only a 2xx agrees; whatever else comes of it is to wait, with a sentence that says why. */
export type GateAnswer = { readonly kind: 'agrees' } | { readonly kind: 'waits'; readonly sentence: string };

/** Asks other systems for their leave. */
export abstract class GateCaller {
  /** Asks once. Never rejects. */
  abstract ask(question: GateQuestion): Promise<GateAnswer>;
}
