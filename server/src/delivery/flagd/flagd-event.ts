import { changedFlags, type Snapshot } from '@sluice/sdk/evaluation';

/** One message of flagd's EventStream. */
export type FlagdEvent = { readonly type: 'provider_ready' | 'keep_alive' } | ConfigurationChange;

/** Tells which flags to ask for again. */
export interface ConfigurationChange {
  readonly type: 'configuration_change';
  readonly data: { readonly flags: { readonly [key: string]: FlagChange } };
}

/** What became of a flag's answers; clients only look at which flags there are. */
type FlagChange = {
  readonly type: 'write' | 'update' | 'delete';
  readonly source: string;
  readonly flagKey: string;
};

/** The client is connected: it may ask from now on, and is told of every change from here. */
export const PROVIDER_READY: FlagdEvent = { type: 'provider_ready' };

/** Says nothing but that the stream lives. */
export const KEEP_ALIVE: FlagdEvent = { type: 'keep_alive' };

/** The flags whose answers may differ between two snapshots, also by a segment or another flag; undefined: none. */
export function changeBetween(before: Snapshot, after: Snapshot): ConfigurationChange | undefined {
  const changed = changedFlags(before, after);
  if (changed.length === 0) return undefined;
  const [had, has] = [keysOf(before), keysOf(after)];
  const source = `${after.project}/${after.environment}`;
  const typeOf = (key: string): FlagChange['type'] => (has.has(key) ? (had.has(key) ? 'update' : 'write') : 'delete');
  const flags = changed.map((key): [string, FlagChange] => [key, { type: typeOf(key), source, flagKey: key }]);
  return { type: 'configuration_change', data: { flags: Object.fromEntries(flags) } };
}

/** Two changes, one after the other, told as one. */
export function joinChanges(first: ConfigurationChange, then: ConfigurationChange): ConfigurationChange {
  return { type: 'configuration_change', data: { flags: { ...first.data.flags, ...then.data.flags } } };
}

function keysOf({ flags }: Snapshot): ReadonlySet<string> {
  return new Set(flags.map(({ key }) => key));
}
