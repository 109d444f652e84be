import type { RouteAudience } from './route-audience.js';

/** How often a replica says where its clients stand, even when nothing has changed. */
export const SAY_MS = 3_000;
/** Replicas that have said nothing for so long have no clients, as far as the others know. */
export const SILENT_MS = 10_000;
/** Early enough that clients have gone before nobody counts them any more. */
const MUTE_MS = 8_000;

interface Said {
  /** Undefined: nothing yet. */
  readonly text: string | undefined;
  readonly clients: number;
  /** Since when the others have heard nothing that they should have, in milliseconds. */
  since: number;
  /** Something is to be said, and has not been. */
  isPending: boolean;
}

/** What a replica has said to the others of the clients of its routes, and what it could not say. */
export class ReplicaVoice {
  private readonly routes = new Map<string, Said>();

  /** Whether it has said anything of any route. */
  get isHeard(): boolean {
    return [...this.routes.values()].some(({ text }) => text !== undefined);
  }

  /** Whether this is to be said of a route now; from then on it is pending until it was said. */
  mustSay(route: string, audience: RouteAudience, now: Date): boolean {
    const at = now.getTime();
    const before = this.routes.get(route);
    if (before === undefined) {
      // Nobody has to hear that there is nobody.
      if (audience.clients === 0) return false;
      this.routes.set(route, { text: undefined, clients: 0, since: at, isPending: true });
      return true;
    }
    if (before.isPending) return true;
    const isDue = audience.clients > 0 && at - before.since >= SAY_MS;
    if (!isDue && before.text === JSON.stringify(audience)) return false;
    // Nobody has missed a word of those who had no clients.
    if (before.clients === 0) before.since = at;
    before.isPending = true;
    return true;
  }

  /** The others can read it from now on. */
  noteSaid(route: string, audience: RouteAudience, now: Date): void {
    const { clients } = audience;
    this.routes.set(route, { text: JSON.stringify(audience), clients, since: now.getTime(), isPending: false });
  }

  /** Whether the others soon forget that this replica has clients: it cannot tell them, and goes on serving all the same. */
  isMute(now: Date): boolean {
    return [...this.routes.values()].some(({ since, isPending }) => isPending && now.getTime() - since >= MUTE_MS);
  }
}
