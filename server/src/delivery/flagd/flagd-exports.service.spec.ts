import { expect, it } from '@jest/globals';
import { aRandomEnvironment } from '../../../test/builders/a-random-environment.js';
import { PreparedSnapshot } from '../prepared-snapshot.provider.js';
import { FlagdExports } from './flagd-exports.service.js';

it('sends each revision as its document is, but for the version, which changes no flag', () => {
  const exports = new FlagdExports();
  let newest: PreparedSnapshot | undefined;
  for (let revision = 1; revision <= 3; revision += 1) {
    const world = aRandomEnvironment(7, 20);
    const flags = world.flags.map((flag, index) => (index === revision ? { ...flag, on: !flag.on } : flag));
    newest = new PreparedSnapshot({ ...world, flags, revision }, new Date(0), newest);
    const { document, message } = exports.of(newest);
    const { version, ...metadata } = document.metadata;
    expect(version).toBe(String(revision));
    expect(JSON.parse(message.flagConfiguration)).toEqual(JSON.parse(JSON.stringify({ ...document, metadata })));
    expect(exports.of(newest).message).toBe(message);
  }
});
