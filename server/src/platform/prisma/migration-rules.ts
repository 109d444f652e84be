/** `<time>_contract_since_<major>_<minor>_<what>`: what servers before that version still need is taken away. */
const CONTRACT = /^\d{14}_contract_since_(\d+)_(\d+)_[a-z0-9_]+$/u;
const SAYS_CONTRACT = /^\d{14}_contract(?:_|$)/u;

/** What takes something away from servers that are still running, and what to say of it. */
const TAKEN_AWAY: readonly (readonly [RegExp, string])[] = [
  [/\bDROP\s+(?:TABLE|COLUMN|INDEX|CONSTRAINT|TYPE|VIEW)\b/iu, 'drops what the version before may use'],
  [/\bRENAME\b/iu, 'renames what the version before knows by its old name'],
  [/\bALTER\s+(?:COLUMN\s+)?"?\w+"?\s+SET\s+NOT\s+NULL\b/iu, 'demands values that the version before does not write'],
  [/\bALTER\s+(?:COLUMN\s+)?"?\w+"?\s+DROP\s+DEFAULT\b/iu, 'demands values that the version before does not write'],
  [/\bALTER\s+(?:COLUMN\s+)?"?\w+"?\s+(?:SET\s+DATA\s+)?TYPE\b/iu, 'changes a type that the version before writes'],
  [/^(?:TRUNCATE|DELETE\s+FROM)\b/iu, 'deletes rows'],
];
const ADDED_COLUMN = /\bADD\s+(?:COLUMN\s+)?"?\w+"?[^,]*\bNOT\s+NULL\b[^,]*/giu;

/**
 * What is wrong with a migration while two versions run side by side: one that only expands takes nothing away, and one
 * that contracts says in its name since which version servers do without what it takes. Empty: nothing.
 */
export function objectionsToMigration(name: string, sql: string): readonly string[] {
  if (CONTRACT.test(name)) return [];
  if (SAYS_CONTRACT.test(name)) {
    return [`${name} does not say since which version servers do without it: name it <time>_contract_since_0_2_<what>`];
  }
  return statementsOf(sql).flatMap((statement) => objectionsTo(statement).map((why) => `${name} ${why}: ${statement}`));
}

function objectionsTo(statement: string): readonly string[] {
  const taken = TAKEN_AWAY.filter(([pattern]) => pattern.test(statement)).map(([, why]) => why);
  if (!/^ALTER\s+TABLE\b/iu.test(statement)) return taken;
  const demanded = [...statement.matchAll(ADDED_COLUMN)].some(([column]) => !/\bDEFAULT\b/iu.test(column));
  return demanded
    ? [...taken, 'adds a column that the version before does not write, and has no default for it']
    : taken;
}

/** The statements of a script, on one line each; bodies of functions, texts and comments are left out. */
function statementsOf(sql: string): readonly string[] {
  const bare = sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1|'(?:[^']|'')*'/gu, ' ');
  return bare
    .split(';')
    .map((statement) => statement.replaceAll(/\s+/gu, ' ').trim())
    .filter((statement) => statement !== '');
}

/** Those of the applied migrations that this version does not know: a later version was here. */
export function unknownMigrations(applied: readonly string[], known: readonly string[]): readonly string[] {
  return applied.filter((name) => !known.includes(name));
}

/**
 * Why a server must not start on a store that a later version has changed; undefined where it may. It may where only
 * something was added, and where what was taken away is nothing that its version needs.
 */
export function objectionToStore(unknown: readonly string[], version: string): string | undefined {
  const tooNew = unknown.find((name) => !isWithout(name, version));
  if (tooNew === undefined) return undefined;
  const [, major, minor] = CONTRACT.exec(tooNew) ?? [];
  const wanted = major === undefined || minor === undefined ? 'the version that made it' : `${major}.${minor} or later`;
  return (
    `A later version of Sluice has taken from this database what version ${version} needs (${tooNew}). ` +
    `Start ${wanted}, or restore a backup of before into an empty database.`
  );
}

function isWithout(name: string, version: string): boolean {
  if (!SAYS_CONTRACT.test(name)) return true;
  const [, major, minor] = CONTRACT.exec(name) ?? [];
  if (major === undefined || minor === undefined) return false;
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > Number(major) || (ownMajor === Number(major) && ownMinor >= Number(minor));
}
