import { FULL_SHARE, isShare } from '../kernel/share.js';

/** `split_clients` takes two decimals of a percent: ten thousandths are its smallest share. */
export const NGINX_STEP = 10;

/** What nginx.conf includes for one service. */
export interface SplitNames {
  /** Names the variables. */
  readonly name: string;
  /** What users are told apart by: text with variables of nginx. */
  readonly key: string;
  readonly stable: string;
  readonly candidate: string;
}

/** What nginx says it has loaded. */
export interface SplitState {
  readonly share: number;
  /** Identifies the text of the file: nginx answers it and logs it, so that old workers are told from new ones. */
  readonly generation: string;
}

/** The largest share of at most the one asked for that nginx can express. */
export function nginxShare(share: number): number {
  return share - (share % NGINX_STEP);
}

/**
 * The file that splits a service's requests. Users are hashed with the service's name before their key, so that it is
 * not the same users who go first in every service; the candidate stands first, so that its users keep it while the
 * share grows. `generation` must change with every other argument.
 */
export function renderSplit({ name, key, stable, candidate }: SplitNames, { share, generation }: SplitState): string {
  const variable = `$sluice_${name}`;
  return [
    '# Written by Sluice, and written anew with every shift: edits are lost.',
    `split_clients "${name}:${key}" ${variable} {`,
    ...partsOf({ stable, candidate }, share).map((part) => `  ${part};`),
    '}',
    `map ${variable} ${variable}_arm {`,
    `  ${candidate} c;`,
    '  default s;',
    '}',
    `map "" ${variable}_state {`,
    `  default "${share} ${generation}";`,
    '}',
    `log_format sluice_${name} '${variable}_arm ${generation}';`,
    '',
  ].join('\n');
}

/** Reads what a location answers that returns `$sluice_<name>_state`; undefined when that is nothing of ours. */
export function parseState(text: string): SplitState | undefined {
  const match = /^(\d{1,6}) ([0-9a-f]+)$/u.exec(text.trim());
  if (!match?.[1] || !match[2] || !isShare(Number(match[1]))) return undefined;
  return { share: Number(match[1]), generation: match[2] };
}

/** nginx refuses parts of 0 %, and a first part of 100 % would leave out the last hash. */
function partsOf({ stable, candidate }: Pick<SplitNames, Arms>, share: number): readonly string[] {
  if (share === 0) return [`* ${stable}`];
  if (share === FULL_SHARE) return [`* ${candidate}`];
  const hundredths = share / NGINX_STEP;
  const percent = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}%`;
  return [`${percent} ${candidate}`, `* ${stable}`];
}

type Arms = 'stable' | 'candidate';
