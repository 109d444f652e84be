/** One step down into a value: by key, or to any element of a list, whose position does not count. */
export type Step = string | typeof POSITION;
export const POSITION = Symbol('position');

/** One step of a pattern: a key, any one step, or any number of them. */
export type PatternStep = string | typeof ONE | typeof DEEP;
export const ONE = Symbol('*');
export const DEEP = Symbol('**');

export type ParsedPath = { readonly steps: readonly PatternStep[] } | { readonly problem: string };

/** What lies deeper is named by its ancestor here, and `.**`: paths stay short. */
const PATH_STEP_LIMIT = 30;
const PATTERN_LENGTH_LIMIT = 1_000;
const KEY_LENGTH_LIMIT = 64;
/** An object with more members is a dictionary: its keys are data. */
export const DICTIONARY_SIZE = 100;

const TOKEN = /\.(\*\*?|[A-Za-z_$][\w$]*)|\[(?:(\*)|'((?:[^'\\]|\\u[0-9a-fA-F]{4}|\\['\\])*)')\]/y;
/** What is called so by who writes code or headers; whatever looks otherwise may be somebody's name. */
const FIELD_NAME = /^(?:[A-Za-z_$][\w$]*|[a-z][a-z0-9-]*)$/;
const DATA_KEY = /^_*\d[\d_]*$|\d{3}|^[0-9a-f]{8}-[0-9a-f]{4}-|^[0-9a-f]{16,}$/i;
/**
 * Whether a key of an object is data and not the name of a field: any but identifiers and words joined by hyphens, and of
 * those the long ones, the ids and the ones with three digits in a row. Such keys stand in paths as `[*]`, so that one
 * fault in a dictionary has one path, and nobody's name or address is in it.
 */
export function isDataKey(key: string): boolean {
  return key.length > KEY_LENGTH_LIMIT || !FIELD_NAME.test(key) || DATA_KEY.test(key);
}

/** Writes the first `length` steps as a normalised path: `$.items[*].price`, `$['content-type']`. */
export function formatPath(steps: readonly Step[], length = steps.length): string {
  let path = '$';
  for (const step of steps.slice(0, Math.min(length, PATH_STEP_LIMIT))) path += formatStep(step);
  return length > PATH_STEP_LIMIT ? `${path}.**` : path;
}

function formatStep(step: Step): string {
  if (step === POSITION || isDataKey(step)) return '[*]';
  return step.includes('-') ? `['${step}']` : `.${step}`;
}

/**
 * Reads a rule's pattern: `$`, then `.key`, `['any key']`, `.*` or `[*]` for any one step, `.**` for any number of them
 * (none as well). Otherwise says in a sentence what to write instead.
 */
export function parseRulePath(pattern: unknown): ParsedPath {
  if (typeof pattern !== 'string' || !pattern.startsWith('$')) {
    return { problem: 'A path is a text that begins with $, as in $.items[*].price.' };
  }
  if (pattern.length > PATTERN_LENGTH_LIMIT)
    return { problem: `A path has at most ${PATTERN_LENGTH_LIMIT} characters.` };
  const steps = tokensOf(pattern);
  if (typeof steps === 'number') return { problem: problemAt(pattern, steps) };
  if (steps.length > PATH_STEP_LIMIT + 1) return { problem: `A path has at most ${PATH_STEP_LIMIT} steps.` };
  const data = steps.find((step) => typeof step === 'string' && isDataKey(step));
  if (data === undefined) return { steps };
  return { problem: `The key '${String(data)}' is taken for data, which paths leave out: write [*] in its place.` };
}

/** The steps of a normalised path as `formatPath` wrote it, or undefined for any other text. */
export function parsePath(path: string): readonly (Step | typeof DEEP)[] | undefined {
  const steps = path.startsWith('$') && path.length > 0 ? tokensOf(path) : 0;
  if (typeof steps === 'number') return undefined;
  return steps.map((step) => (step === ONE ? POSITION : step));
}

/** The steps, or where the text stops being a path. */
function tokensOf(pattern: string): readonly PatternStep[] | number {
  const steps: PatternStep[] = [];
  let at = 1;
  while (at < pattern.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(pattern);
    if (match === null) return at;
    const [token, name, one, quoted] = match;
    if (one !== undefined || name === '*') steps.push(ONE);
    else if (name === '**') steps.push(DEEP);
    else steps.push(name ?? unescape(quoted ?? ''));
    at += token.length;
  }
  return steps;
}

function unescape(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_all, code: string | undefined, plain: string | undefined) =>
    code === undefined ? (plain ?? '') : String.fromCharCode(parseInt(code, 16)),
  );
}

function problemAt(pattern: string, at: number): string {
  const rest = pattern.slice(at);
  if (/^\[-?\d+\]/.test(rest)) return 'Positions in lists are no part of a path: write [*] for any of them.';
  if (rest.startsWith('..')) return 'Write .** for any number of steps: $.**.price.';
  if (rest.startsWith('["')) return "Keys are quoted by single quotes: ['content-type'].";
  const where = `The path cannot be read from character ${at + 1} on`;
  return `${where}: each step is .key, ['any key'], [*] for any one, or .** for any number of them.`;
}
