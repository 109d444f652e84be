const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** An amount of memory as people read it: `182 MiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.max(0, Math.floor(Math.log2(Math.max(bytes, 1)) / 10)), UNITS.length - 1);
  const amount = bytes / 1_024 ** power;
  return `${new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(amount)} ${UNITS[power] ?? 'B'}`;
}
