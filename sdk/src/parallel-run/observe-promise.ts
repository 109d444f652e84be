/**
 * By the platform's own `then`: a subclass's may begin its work anew. Throws where a subclass cannot be made. A promise that
 * has no other is asked for it, since then the engine knows what it is, and makes the call in place.
 */
export function observe(
  promise: Promise<unknown>,
  fulfilled: (value: unknown) => void,
  rejected: (thrown: unknown) => void,
): void {
  if (promise.then === Promise.prototype.then) void promise.then(fulfilled, rejected);
  else void Promise.prototype.then.call(promise, fulfilled, rejected);
}

/** As `observe`; false for what is no promise as this realm makes them, and for a subclass that lets nobody observe it. */
export function canObserve(
  payload: unknown,
  fulfilled: (value: unknown) => void,
  rejected: (thrown: unknown) => void,
): boolean {
  try {
    if (!(payload instanceof Promise)) return false;
    observe(payload, fulfilled, rejected);
    return true;
  } catch {
    return false;
  }
}
