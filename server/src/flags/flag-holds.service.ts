import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Flag } from './flag.js';
import type { SettingsPlace } from './flag-settings.repository.js';

/** A release that is ramping a flag in an environment, and would have its work spoiled by an edit from elsewhere. */
export interface FlagHold {
  readonly releaseId: string;
  /** What it is doing, for people: `Release "June checkout" is at 5 % of "on".` */
  readonly sentence: string;
}

/** A release that would put back settings which have a flag as their prerequisite. */
export interface FlagNeed {
  readonly releaseId: string;
  /** Key of the flag that it is ramping. */
  readonly flag: string;
  /** Of the prerequisite. */
  readonly variations: readonly string[];
}

/** Why a ramp is to give way to an edit: somebody says so, or a guardrail over the flag is broken. */
export type TakeOver =
  | { readonly by: 'hand'; readonly reason: string }
  /** `guardrail` is its key. */
  | { readonly by: 'guardrail'; readonly guardrail: string; readonly reason: string };

/** How a module that ramps flags answers for the ramps it has. */
export interface FlagHolder {
  /** The hold on a flag in each of the places, in their order; null: free to edit. Asks the store once, however many. */
  holdsIn(tx: Transaction, places: readonly SettingsPlace[]): Promise<readonly (FlagHold | null)[]>;
  /**
   * Ends the ramp because somebody decides otherwise, in the transaction of that edit. It leaves the flag's settings as
   * they are and the environment's revision to the edit, which advances it by one.
   */
  takeOver(tx: Transaction, ctx: RequestContext, place: SettingsPlace, takeOver: TakeOver): Promise<void>;
  /** Who needs a flag to be there for the settings that a rollback puts back, though no settings of now name it. */
  needsOf(tx: Transaction, flag: Pick<Flag, 'projectId' | 'key'>): Promise<readonly FlagNeed[]>;
}

/**
 * Where modules that ramp flags say so, so that nobody's edit and nobody's ramp undo each other unseen. Flags know
 * nothing of those modules.
 */
@Injectable()
export class FlagHolds {
  private readonly holders: FlagHolder[] = [];

  register(holder: FlagHolder): void {
    this.holders.push(holder);
  }

  /** The hold on a flag in each of the places, in their order; null: free to edit. */
  async in(tx: Transaction, places: readonly SettingsPlace[]): Promise<readonly (FlagHold | null)[]> {
    const found: (FlagHold | null)[] = places.map(() => null);
    for (const holder of this.holders) {
      const holds = await holder.holdsIn(tx, places);
      holds.forEach((hold, index) => (found[index] ??= hold));
    }
    return found;
  }

  /** Throws `conflict` when the flag is ramped in any of the places. */
  async refuseHeld(tx: Transaction, places: readonly SettingsPlace[], remedy: string): Promise<void> {
    const hold = (await this.in(tx, places)).find((each) => each !== null);
    if (hold !== undefined) throw ramping(hold, remedy);
  }

  /** Throws `conflict` when settings that a release may put back have one of the flag's variations as prerequisite. */
  async refuseNeeded(tx: Transaction, flag: Pick<Flag, 'projectId' | 'key'>, lost: readonly string[]): Promise<void> {
    for (const holder of this.holders) {
      const needs = await holder.needsOf(tx, flag);
      const need = needs.find(({ variations }) => variations.some((variation) => lost.includes(variation)));
      if (need === undefined) continue;
      const message =
        `Release ${need.releaseId} is ramping flag "${need.flag}", and a rollback would put back settings that have ` +
        `"${flag.key}" as their prerequisite. Wait for its end, or abort it first.`;
      throw conflict('FLAG_NEEDED', message, { data: { releaseId: need.releaseId } });
    }
  }

  /** Ends the ramp of a flag in an environment for the reason given, if there is one; says whether there was. */
  async takeOver(tx: Transaction, ctx: RequestContext, place: SettingsPlace, takeOver: TakeOver): Promise<boolean> {
    let isHeld = false;
    for (const holder of this.holders) {
      const [hold = null] = await holder.holdsIn(tx, [place]);
      if (hold === null) continue;
      isHeld = true;
      await holder.takeOver(tx, ctx, place, takeOver);
    }
    return isHeld;
  }
}

function ramping({ releaseId, sentence }: FlagHold, remedy: string): Error {
  return conflict('FLAG_RAMPING', `${sentence} ${remedy}`, { data: { releaseId } });
}
