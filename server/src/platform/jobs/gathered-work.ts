import { AsyncLocalStorage } from 'node:async_hooks';

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly accept: (result: Result) => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * Does together what many ask for at about the same time: one group at a time, and whoever comes meanwhile goes with
 * the next. A store has more work with a transaction, and with each statement of it, than with one more row.
 */
export class GatheredWork<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private isAtWork = false;
  /** The work is nobody's own: it joins no transaction of whoever happened to come first. */
  private readonly onItsOwn = AsyncLocalStorage.snapshot();

  /** Work answers one result for each item, in their order; `most` is how many items it is given at once. */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly most: number,
  ) {}

  /** Rejects as the work does when it is given this item alone: one that fails keeps no others from theirs. */
  do(item: Item): Promise<Result> {
    return new Promise((accept, refuse) => {
      this.waiting.push({ item, accept, refuse });
      if (!this.isAtWork) void this.onItsOwn(() => this.workWhileAsked());
    });
  }

  private async workWhileAsked(): Promise<void> {
    this.isAtWork = true;
    while (this.waiting.length > 0) await this.workFor(this.waiting.splice(0, this.most));
    // At once, not a moment later: whoever asks from here on has to start it again.
    this.isAtWork = false;
  }

  private async workFor(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.work(group.map(({ item }) => item));
      // One for each, as the work promises.
      group.forEach(({ accept }, index) => accept(results[index] as Result));
    } catch (error) {
      const [first, ...rest] = group;
      if (rest.length === 0) first?.refuse(error);
      else for (const each of group) await this.workFor([each]);
    }
  }
}
