/** The two versions of a service that share its traffic. */
export type Arm = 'stable' | 'candidate';

/** One server of an arm. */
export interface ServerState {
  readonly name: string;
  /** Its weight now, above 0 only when it is up and takes new traffic; smaller than `fullWeight` while it warms up. */
  readonly weight: number;
  readonly fullWeight: number;
  /** The router's or the probe's own word for its state. */
  readonly says: string;
}

export interface ArmCapacity {
  /**
   * The part of the service's capacity that this arm has up: 0 to 1. The service's capacity is the sum of all weights
   * of its larger arm: an arm that is built small stays small, even with every server up.
   */
  readonly part: number;
  readonly servers: readonly ServerState[];
}

export type Capacity = Readonly<Record<Arm, ArmCapacity>>;

/** Requests per arm since the counters began. Counts with different `began` cannot be subtracted. */
export interface ArmCounts {
  readonly stable: number;
  readonly candidate: number;
  readonly began: string;
}

/** Which versions the arms of a service hold. */
export interface ArmPlacement {
  /** Null: not known. */
  readonly arms: Readonly<Record<Arm, string | null>>;
  /** The arm that holds the stable version. */
  readonly home: Arm;
}

export interface ShiftOptions {
  /** For programs whose arms are versions; those that have servers in fixed arms pass over it. */
  readonly placement?: ArmPlacement;
  /** Moves traffic back to stable although stable has no capacity that is known to be up. Never towards the candidate. */
  readonly isEmergency?: boolean;
}

export interface Refused {
  readonly kind: 'refused';
  /**
   * NO_CAPACITY: the arm that would receive more has too little that is up. SHARE_TOO_SMALL: the program cannot express
   * it, and it is not nothing. CONFIG_REJECTED: the program does not take the configuration; it keeps the one it has.
   */
  readonly code: 'NO_CAPACITY' | 'SHARE_TOO_SMALL' | 'CONFIG_REJECTED';
  readonly sentence: string;
}

/** What became of a wish to shift. `share` is what the program now has, in thousandths of a percent. */
export type ShiftOutcome =
  | { readonly kind: 'shifted'; readonly from: number | undefined; readonly share: number }
  | { readonly kind: 'unchanged'; readonly share: number }
  | Refused
  /** The program was told, and has not confirmed (all of) it in time. Ask again: the next shift heals. */
  | { readonly kind: 'unconfirmed'; readonly share: number; readonly sentence: string }
  /** The program cannot be asked; nothing was moved. */
  | { readonly kind: 'unreachable'; readonly sentence: string };

/**
 * Moves one service's traffic between its stable and its candidate version outside of the SDK: four methods, one effect
 * each. Nothing is remembered here: every answer comes from the program that routes. Questions that cannot be asked
 * throw `unavailable`.
 */
export abstract class TrafficRouter {
  /** How much of the service's capacity is up, per arm. */
  abstract capacity(): Promise<Capacity>;

  /**
   * Asks for a share of requests to the candidate. A share that the program cannot express is rounded down, never to 0.
   * Weight moves only to capacity that is up, in both directions.
   */
  abstract shift(share: number, options?: ShiftOptions): Promise<ShiftOutcome>;

  /** The share that the program has now; undefined where it has none that Sluice understands. */
  abstract asked(): Promise<number | undefined>;

  /** Requests per arm: what really happened. Undefined where the program counts none, now or ever. */
  abstract counts(): Promise<ArmCounts | undefined>;
}
