/** The outside world as the SDK sees it: clocks, randomness, timers, HTTP. Tests bring their own. */
export interface Runtime {
  /** Wall clock, epoch milliseconds: for what people and servers read. */
  now(): number;
  /** Monotonic milliseconds: for durations, which a stepped wall clock must not bend. */
  elapsedMs(): number;
  /** From 0 (included) to 1 (excluded). */
  random(): number;
  /** Runs the task once, later. It never keeps the process alive unless `holdsProcess`. Returns its cancellation. */
  schedule(delayMs: number, task: () => void, options?: { readonly holdsProcess?: boolean }): () => void;
  readonly fetch: typeof fetch;
}

/** The real world; `fetchImplementation` replaces the platform's. */
export function systemRuntime(fetchImplementation?: typeof fetch): Runtime {
  return {
    now: () => Date.now(),
    elapsedMs: () => performance.now(),
    random: () => Math.random(),
    schedule: (delayMs, task, options) => {
      const timer = setTimeout(task, delayMs);
      if (!options?.holdsProcess) timer.unref();
      return () => clearTimeout(timer);
    },
    fetch: fetchImplementation ?? ((input, init) => fetch(input, init)),
  };
}

/** Resolves after the delay, or at once when the signal aborts. Never rejects. */
export function pause(runtime: Runtime, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = runtime.schedule(delayMs, finish);
    signal.addEventListener('abort', finish);
  });
}

/** Settles as the promise does, or rejects once the signal aborts: a `fetch` that ignores its signal cannot hang us. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
