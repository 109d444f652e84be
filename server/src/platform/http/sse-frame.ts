/** The part of an event before its data. Everything ends in LF alone: other line ends make some parsers wait. */
export function eventHead(event: string, id: string): string {
  return `event: ${event}\nid: ${id}\ndata: `;
}

/** The part of an event after its data. */
export const EVENT_TAIL = '\n\n';

/** A whole event; `data` is one line, as JSON.stringify writes it. */
export function formatEvent(event: string, id: string, data: string): string {
  return eventHead(event, id) + data + EVENT_TAIL;
}

/** A whole event without a name, which every client hands out as a message; `data` is one line. */
export function formatMessage(id: string, data: string): string {
  return `id: ${id}\ndata: ${data}${EVENT_TAIL}`;
}

/** What a stream begins with: something to see at once through buffering proxies, and how soon to come back. */
export function streamOpening(retryMs: number): string {
  return `: sluice\nretry: ${retryMs}\n\n`;
}

/** Tells the SDK to come back at once, and elsewhere: the server is about to end, and nothing is wrong. */
export const RECONNECT = 'event: reconnect\ndata: {}\n\n';

export const HEARTBEAT = ': heartbeat\n\n';
