import { formatPart } from './format.js';

const BAR_CELLS = 20;

/** Evidence against its limit, 0 to 1: `[####----------------] 20 % of the limit`. Full only when the limit is reached. */
export function evidenceBar(part: number, paint: (text: string) => string): string {
  const filled = part >= 1 ? BAR_CELLS : Math.min(BAR_CELLS - 1, Math.round(part * BAR_CELLS));
  return `[${paint('#'.repeat(filled))}${'-'.repeat(BAR_CELLS - filled)}] ${formatPart(part)} of the limit`;
}
