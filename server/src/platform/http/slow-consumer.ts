/** What to do with a stream when there is something to send. */
export type Delivery = 'send' | 'wait' | 'disconnect';

/** A minute of heartbeats (every 15 s) in which nothing drained. */
const MAX_HELD_HEARTBEATS = 4;

/**
 * Chooses for one stream. A client that has not taken what it was sent gets nothing more until it has; then one step
 * to the newest revision, however many it missed. So a stream never holds more than one update, and one that takes
 * nothing for a minute is given up: its client comes back and resumes.
 */
export function chooseDelivery(stream: { readonly isFull: boolean; readonly heldHeartbeats: number }): Delivery {
  if (!stream.isFull) return 'send';
  return stream.heldHeartbeats >= MAX_HELD_HEARTBEATS ? 'disconnect' : 'wait';
}
