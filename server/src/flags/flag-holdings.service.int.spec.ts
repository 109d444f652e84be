import { describe, expect, it } from '@jest/globals';
import { aFlag } from '../../test/builders/a-flag.js';
import { aRequestContext } from '../../test/builders/a-request-context.js';
import { CountingTransactions } from '../../test/contracts/counting-transactions.js';
import { onEachDatabase, type OpenDatabase } from '../../test/contracts/databases.js';
import { placesIn } from '../../test/contracts/places-in.js';
import { useDatabase } from '../../test/contracts/use-database.js';
import { SequentialIds } from '../../test/fakes/sequential-ids.js';
import type { Transaction } from '../kernel/transactions.js';
import { FlagHoldings } from './flag-holdings.service.js';
import { type FlagHold, type FlagHolder, FlagHolds } from './flag-holds.service.js';
import type { SettingsPlace } from './flag-settings.repository.js';
import { FlagsRepository } from './flags.repository.js';

const HOLD: FlagHold = { releaseId: '00000000-0000-7000-8000-00000000beef', sentence: 'Release "June" is at 5 %.' };

/** Ramps one flag in one environment, and counts how often it is asked. */
class SoleHolder implements FlagHolder {
  asked = 0;

  constructor(private readonly held: SettingsPlace) {}

  holdsIn(_tx: Transaction, places: readonly SettingsPlace[]): Promise<readonly (FlagHold | null)[]> {
    this.asked += 1;
    const { flagId, environmentId } = this.held;
    const isHeld = (place: SettingsPlace): boolean => place.flagId === flagId && place.environmentId === environmentId;
    return Promise.resolve(places.map((place) => (isHeld(place) ? HOLD : null)));
  }

  takeOver(): Promise<void> {
    throw new Error('Nobody takes over here.');
  }

  needsOf(): Promise<readonly []> {
    return Promise.resolve([]);
  }
}

function describeHoldings(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const places = placesIn(store, ids);
  const flags = new FlagsRepository();

  it('are told of any number of flags by as many questions as of one, each in its place', async () => {
    const projectId = await places.project('shop');
    const live = await places.environment(projectId, 'live');
    await places.environment(projectId, 'test');
    const many = Array.from({ length: 40 }, (_none, at) => aFlag({ id: ids.next(), projectId, key: `flag-${at}` }));
    await store.run(async (tx) => {
      for (const flag of many) await flags.insert(tx, flag);
    });
    const holder = new SoleHolder({ flagId: many[7]?.id ?? '', environmentId: live });
    const holds = new FlagHolds();
    holds.register(holder);
    const counted = new CountingTransactions(store.transactions);
    const holdings = new FlagHoldings(counted, places.reader, flags, holds);
    const placesOf = (keys: readonly string[]) =>
      keys.flatMap((flag) => ['test', 'live'].map((environment) => ({ project: 'shop', environment, flag })));
    const cost = async (keys: readonly string[]) => {
      const before = { calls: counted.calls, asked: holder.asked };
      const found = await holdings.of(aRequestContext(), placesOf(keys));
      return { found, calls: counted.calls - before.calls, asked: holder.asked - before.asked };
    };

    const one = await cost(['flag-7']);
    expect(one.found).toEqual([null, HOLD]);
    const all = await cost([...many.map(({ key }) => key), 'gone']);
    expect(all.found.flatMap((hold, at) => (hold === null ? [] : [at]))).toEqual([15]);
    expect(all.found).toHaveLength(82);
    expect({ calls: all.calls, asked: all.asked }).toEqual({ calls: one.calls, asked: 1 });
  });
}

describe('Holds on flags', () => onEachDatabase(describeHoldings));
