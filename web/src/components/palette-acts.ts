import { useEffect, useSyncExternalStore } from 'react';

/** Something that can be done on the page that is shown: it stands in the palette while the page does. */
export interface Act {
  readonly label: string;
  readonly run: () => void;
}

let offered: readonly Act[] = [];
const listeners = new Set<() => void>();

/** Puts what a page can do into the palette. Give the same array while it means the same. */
export function usePaletteActs(acts: readonly Act[]): void {
  useEffect(() => {
    change([...offered, ...acts]);
    return () => change(offered.filter((act) => !acts.includes(act)));
  }, [acts]);
}

export function useOfferedActs(): readonly Act[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => offered,
  );
}

function change(next: readonly Act[]): void {
  offered = next;
  for (const listener of listeners) listener();
}
