const TICK_MS = 10;

/**
 * A clock that stands still while this process has no turn: what it says of work within the process is the same on a
 * busy machine as on an idle one, which wall-clock time is not. Answers how to stop it and read it, in milliseconds.
 */
export function startOwnTime(): () => number {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), TICK_MS);
  return () => {
    clearInterval(timer);
    return ticks * TICK_MS;
  };
}
