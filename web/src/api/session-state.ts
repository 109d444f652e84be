/** Whether the server knows who is here: outside of React, for the client finds out in the middle of anything. */
type SessionState = 'known' | 'ended';

let state: SessionState = 'known';
const listeners = new Set<() => void>();

/** The server no longer knows the viewer: the dialog that signs in again opens. */
export function sessionEnded(): void {
  set('ended');
}

/** The viewer signed in: the dialog closes. */
export function sessionBegan(): void {
  set('known');
}

export const sessionState = {
  get: (): SessionState => state,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

function set(next: SessionState): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}
