import { CommandError } from './command-error.js';
import { EXIT } from './exit-code.js';

/** What was said about a release that is to be made, in a file and beside it. */
export interface DraftParts {
  /** The file as it was read; undefined without one. */
  readonly file: unknown;
  readonly project: string;
  readonly environment?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly policy?: string | undefined;
  /** `checkout@v2` each. */
  readonly services: readonly string[];
  /** `new-cart=on` each. */
  readonly flags: readonly string[];
  /** Until the flags above are due, once the release is over; undefined: their due dates stay. */
  readonly retireAfterDays?: number | undefined;
  /** Keys of parallel runs. */
  readonly runs: readonly string[];
  /** `name=value` each, for the policy's parameters. */
  readonly set: readonly string[];
  /** Undefined: the file says, or it is started. */
  readonly start?: boolean | undefined;
  readonly overrideRejection?: string | undefined;
}

/** The body of a request. The server knows best what it may say, so all else of a file is passed on as it is. */
export type ReleaseDraft = Readonly<Record<string, unknown>> & { readonly start: boolean };

/** Puts a release together; what is said beside the file wins. Throws a usage error for what cannot be read. */
export function toReleaseDraft(parts: DraftParts): ReleaseDraft {
  const file = requireObject(parts.file ?? {}, 'A release file');
  const { retireAfterDays } = parts;
  const changes = [
    ...listOf(file['changes']),
    ...parts.runs.map((run) => ({ kind: 'parallelRun', run })),
    ...parts.services.map(serviceChange),
    ...parts.flags.map((text) => ({ ...flagChange(text), ...given({ retireAfterDays }) })),
  ];
  if (changes.length === 0) {
    throw usage('A release changes something: say "changes" in its file, or --service, --flag and --parallel-run.');
  }
  if (retireAfterDays !== undefined && parts.flags.length === 0) {
    throw usage('--retire-after-days is of the flags said with --flag; in a file, say retireAfterDays with each flag.');
  }
  const isScheduled = file['scheduledAt'] !== undefined && parts.start !== true;
  return {
    ...file,
    project: parts.project,
    ...given({
      environment: parts.environment,
      name: parts.name,
      description: parts.description,
      policy: parts.policy,
      overrideRejection: parts.overrideRejection,
    }),
    changes,
    ...withArguments(file['arguments'], parts.set),
    start: parts.start ?? startOf(file['start']) ?? !isScheduled,
  };
}

/** `checkout@v2`: the digest is that of the version, as it was reported. */
function serviceChange(text: string): object {
  const [, service, version] = /^([^@]+)@(.+)$/u.exec(text) ?? [];
  if (service === undefined) throw usage(`--service ${text}: say a service and its version, as in checkout@v2.`);
  return { kind: 'service', service, version };
}

/** `new-cart=on`: the variation that is ramped. */
function flagChange(text: string): object {
  const [flag, variation] = splitPair(text);
  if (flag === undefined) throw usage(`--flag ${text}: say a flag and the variation to ramp, as in new-cart=on.`);
  return { kind: 'flag', flag, ramp: { variation } };
}

function withArguments(inFile: unknown, set: readonly string[]): object {
  if (set.length === 0) return {};
  return { arguments: { ...requireObject(inFile ?? {}, '"arguments"'), ...parseArguments(set) } };
}

/** `name=value` each, for a policy's parameters. Throws a usage error. */
export function parseArguments(set: readonly string[]): Readonly<Record<string, unknown>> {
  const pairs = set.map((text) => {
    const [name, value] = splitPair(text);
    if (name === undefined) throw usage(`--set ${text}: say a parameter and its value, as in maximum=0.02.`);
    return [name, valueOf(value)] as const;
  });
  return Object.fromEntries(pairs);
}

/** A text that is JSON means what JSON says; any other is itself. */
export function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `name=value` at its first "="; nothing for what has no name or no "=". */
export function splitPair(text: string): readonly [string, string] | readonly [undefined, undefined] {
  const at = text.indexOf('=');
  return at < 1 ? [undefined, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** An object as it was read from a file. Throws a usage error for anything else. */
function requireObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  // Neither an array nor null: its keys are texts.
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw usage(`${what} must be an object: names with their values.`);
}

/** A text or a number may mean either, and starting is not to be guessed. */
function startOf(inFile: unknown): boolean | undefined {
  if (inFile === undefined || typeof inFile === 'boolean') return inFile;
  throw usage('"start" must be true or false.');
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw usage('"changes" must be a list.');
}

function given(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function usage(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}
