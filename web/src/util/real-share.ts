/** A service's traffic as a router counted it: thousandths of a percent, null while nothing was counted. */
interface Routed {
  readonly actual: number | null;
}

/** The share that is really reached, of several services that which is farthest from what was asked; undefined where no router counted. */
export function realShare(asked: number, traffic: readonly Routed[]): number | undefined {
  const counted = traffic.flatMap(({ actual }) => (actual === null ? [] : [actual]));
  return [...counted].sort((a, b) => Math.abs(b - asked) - Math.abs(a - asked))[0];
}
