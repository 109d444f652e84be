const FULL_SHARE = 100_000;

/** Reads `25`, `25%` or `0.125 %` as thousandths of a percent; undefined for what is no share. */
export function parseShare(text: string): number | undefined {
  const [, percent] = /^(\d+(?:\.\d{1,3})?)\s*%?$/u.exec(text.trim()) ?? [];
  if (percent === undefined) return undefined;
  const share = Math.round(Number(percent) * 1_000);
  return share <= FULL_SHARE ? share : undefined;
}
