import { EVENT_TYPES } from './event-type.js';

/** Whether a pattern names a type: by its whole name, or by its beginning and `*`. */
export function matchesType(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

/** Whether a pattern names any type that there is, so that nobody listens for what never comes. */
export function isTypePattern(pattern: string): boolean {
  return EVENT_TYPES.some((type) => matchesType(pattern, type));
}
