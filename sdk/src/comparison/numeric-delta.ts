import type { NumericDelta } from './difference.js';

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** How far two numbers are apart; undefined where that is no finite number. */
export function deltaOf(a: number, b: number): NumericDelta | undefined {
  const absolute = Math.abs(a - b);
  if (!Number.isFinite(absolute)) return undefined;
  const magnitude = Math.max(Math.abs(a), Math.abs(b));
  return { absolute, relative: magnitude === 0 ? 0 : absolute / magnitude, ulps: ulpsBetween(a, b) };
}

/** Whether a distance keeps any of the bounds that a tolerance gives. */
export function isWithin(delta: NumericDelta, bounds: Partial<NumericDelta>): boolean {
  return (
    (bounds.absolute !== undefined && delta.absolute <= bounds.absolute) ||
    (bounds.relative !== undefined && delta.relative <= bounds.relative) ||
    (bounds.ulps !== undefined && delta.ulps <= bounds.ulps)
  );
}

/** How many steps to the next double it takes from one finite number to the other: exact below 2^53. */
function ulpsBetween(a: number, b: number): number {
  const [highA, lowA] = rankOf(a);
  const [highB, lowB] = rankOf(b);
  return Math.abs((highA - highB) * 2 ** 32 + (lowA - lowB));
}

/** Bits of a double (IEEE 754) as two numbers that count up from −Infinity to Infinity; both zeros are 0. */
function rankOf(value: number): readonly [high: number, low: number] {
  double[0] = value;
  const high = (isLittleEndian ? halves[1] : halves[0]) ?? 0;
  const low = ((isLittleEndian ? halves[0] : halves[1]) ?? 0) >>> 0;
  return high < 0 ? [-(high & 0x7fffffff), -low] : [high, low];
}
