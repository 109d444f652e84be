import type { Json } from '../kernel/json.js';
import type { ReleaseDraft } from './parse-release.js';

/** A release that is asked for: as it was written, and as it was read. */
export interface Rendered {
  readonly body: Json;
  readonly draft: ReleaseDraft;
  /** The body as YAML, with a line's end. */
  readonly yaml: string;
}

/** The `sluice` command that asks for the same release: with options where they can say it, else with the document. */
export function cliCommandOf({ draft, yaml }: Rendered): string {
  const options = optionsOf(draft);
  const place = `sluice release create --project ${draft.project}`;
  if (options === undefined) return `${place} -f - <<'YAML'\n${yaml}YAML`;
  return [`${place} -e ${draft.environment}`, ...options].join(' \\\n  ');
}

/** The request of REST that asks for the same release; the address and the token are as the CLI knows them. */
export function curlCommandOf({ body }: Rendered): string {
  return [
    'curl -fsS -X POST "$SLUICE_URL/api/v1/releases"',
    '-H "authorization: Bearer $SLUICE_TOKEN"',
    "-H 'content-type: application/json'",
    `-d ${quoted(JSON.stringify(body, null, 2))}`,
  ].join(' \\\n  ');
}

/** Undefined where something is asked for that no option says. */
function optionsOf(draft: ReleaseDraft): readonly string[] | undefined {
  const changes = changeOptions(draft);
  if (changes === undefined || draft.scheduledAt !== null) return undefined;
  const { policy, arguments: given, description, overrideRejection, start } = draft;
  return [
    ...changes,
    `--policy ${policy}`,
    ...Object.entries(given).map(([name, value]) => `--set ${quoted(`${name}=${argumentText(value)}`)}`),
    `--name ${quoted(draft.name)}`,
    ...(description === '' ? [] : [`--description ${quoted(description)}`]),
    ...(overrideRejection === null ? [] : [`--override-rejection ${quoted(overrideRejection)}`]),
    ...(start ? [] : ['--no-start']),
  ];
}

function changeOptions({ changes }: ReleaseDraft): readonly string[] | undefined {
  const options: string[] = [];
  const dueDays = new Set<number | undefined>();
  for (const change of changes) {
    switch (change.kind) {
      case 'parallelRun':
        options.push(`--parallel-run ${change.run}`);
        break;
      case 'service':
        if (change.digest !== undefined) return undefined;
        options.push(`--service ${quoted(`${change.service}@${change.version}`)}`);
        break;
      case 'flag': {
        const { ramp, edit, retireAfterDays } = change;
        const isPlain = ramp !== undefined && ramp.rule === undefined && ramp.bucketBy === undefined;
        if (!isPlain || Object.keys(edit).length > 0) return undefined;
        options.push(`--flag ${quoted(`${change.flag}=${ramp.variation}`)}`);
        dueDays.add(retireAfterDays);
      }
    }
  }
  // The option is of all flags together.
  if (dueDays.size > 1) return undefined;
  const [days] = dueDays;
  return days === undefined ? options : [...options, `--retire-after-days ${days}`];
}

/** The CLI takes for JSON whatever is JSON: a text that looks like it is written as JSON. */
function argumentText(value: Json): string {
  return typeof value === 'string' && !isJson(value) ? value : JSON.stringify(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One word for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
