import { describe, expect, it } from '@jest/globals';
import { onEachDatabase } from '../../../test/contracts/databases.js';
import { useDatabase } from '../../../test/contracts/use-database.js';
import type { ReportedLoad } from './load-tally.js';
import { XdsRoutesRepository } from './xds-routes.repository.js';

describe('XdsRoutesRepository', () =>
  onEachDatabase((open) => {
    const db = useDatabase(open);
    const repository = new XdsRoutesRepository();
    const load = (version: string, requests: number): ReportedLoad => {
      return { route: 'a/b/c', generation: 7, version, requests };
    };
    const add = (...loads: readonly ReportedLoad[]): Promise<void> => db.run((tx) => repository.addLoads(tx, loads));
    const refusal = { kind: 'invalid', code: 'LOADS_REFUSED' };

    it('adds up loads, and says of which the store would refuse them another time as well', async () => {
      await add(load('v1', 3), load('v2', 4));
      await expect(add(load('v1', 5), load('v\u0000', 1))).rejects.toMatchObject(refusal);
      // Nine quintillion is the most.
      await add(load('v3', 2 ** 62));
      await expect(add(load('v3', 2 ** 62))).rejects.toMatchObject(refusal);
      await add(load('v1', 6));
      const loads = await db.run((tx) => repository.loads(tx, 'a/b/c', 7));
      expect(Object.fromEntries(loads)).toEqual({ v1: 9, v2: 4, v3: 2 ** 62 });
    });
  }));
