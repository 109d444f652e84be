import { FlagText, partsOf } from './flag-source.js';
import type { Snapshot } from './snapshot.js';

/**
 * Writes the JSON of a snapshot as servers do, a tab before each flag and one after the last, so that `parseSnapshot`
 * need not read the flags. Those that are still text are written as they came.
 */
export function formatSnapshot(snapshot: Snapshot): string {
  const { rest, flags } = partsOf(snapshot);
  const { schemaVersion, project, environment, revision, ...others } = rest;
  const head = JSON.stringify({ schemaVersion, project, environment, revision }).slice(0, -1);
  const ofFlags = flags.map((flag) => `\t${flag instanceof FlagText ? flag.text : JSON.stringify(flag)}`).join(',');
  return `${head},"flags":[${ofFlags}\t],${JSON.stringify(others).slice(1)}`;
}
