import { useSyncExternalStore } from 'react';
import type { Zone } from '../util/moment.js';
import { browserTexts } from './browser-texts.js';

const KEY = 'sluice.zone';
const listeners = new Set<() => void>();

/** In which zone this browser tells absolute times, and how to change it. All that tell one change with it. */
export function useZone(): readonly [Zone, (zone: Zone) => void] {
  return [useSyncExternalStore(subscribe, read), write];
}

function read(): Zone {
  return browserTexts.read(KEY) === 'utc' ? 'utc' : 'local';
}

function write(zone: Zone): void {
  browserTexts.write(KEY, zone);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
