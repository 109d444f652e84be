import { Topic } from '../platform/bus/bus.js';

/** A token was revoked, or its end was moved. */
// A type alias, because an interface has no index signature and would not be Json.
export type TokenChanged = { readonly hash: string };

export const TOKEN_CHANGED = new Topic<TokenChanged>('token.changed');
