/** How the page hears of changes: not yet, as they happen, or not at all for now. */
export type LiveState = 'connecting' | 'live' | 'lost';

let state: LiveState = 'connecting';
const listeners = new Set<() => void>();

export const liveState = {
  get: (): LiveState => state,
  set: (next: LiveState): void => {
    if (state === next) return;
    state = next;
    for (const listener of listeners) listener();
  },
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
