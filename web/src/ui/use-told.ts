import { useCallback } from 'react';
import { tellInstants } from '../util/instants.js';
import { useZone } from './zone.js';

/** Tells the moments in a sentence of the server in the zone of this browser: for where there is room for text alone. */
export function useTold(): (sentence: string) => string {
  const [zone] = useZone();
  return useCallback((sentence) => tellInstants(sentence, zone), [zone]);
}
