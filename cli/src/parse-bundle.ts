import type { VerdictBundle } from '#replay';
import type { z } from 'zod';
import { BUNDLE_FORMAT, bundleSchema } from './bundle-schema.js';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-code.js';

const FAMILY = /^sluice\.verdict-bundle\/(\S+)$/u;
const MOST_SAID = 5;

/** Reads a bundle of verdicts; throws a usage error that says why a document is none, or none that can be judged. */
export function parseBundle(document: unknown, path: string): VerdictBundle {
  const schema = fieldOf(document, 'schema');
  const version = typeof schema === 'string' ? FAMILY.exec(schema)?.[1] : undefined;
  if (version === undefined) {
    const message = `${path} is no bundle of verdicts: it does not say "schema": "${BUNDLE_FORMAT}".`;
    throw new CommandError(EXIT.usage, message, { hint: 'Fetch one: sluice verdict <release> -o bundle.json' });
  }
  const writer = fieldOf(document, 'codeVersion');
  const hint = `Judge it with the sluice command of ${typeof writer === 'string' ? `version ${writer}` : 'the version'} that wrote it.`;
  if (schema !== BUNDLE_FORMAT) {
    const message = `${path} is a bundle of format ${version}, and this command judges format 1 only.`;
    throw new CommandError(EXIT.usage, message, { hint });
  }
  const parsed = bundleSchema.safeParse(document, { reportInput: true });
  // It is handed on as it was read: what is judged was looked at, and all else is for people.
  if (parsed.success) return document as VerdictBundle;
  const { issues } = parsed.error;
  const isNewer = issues.every(({ code }) => code === 'unrecognized_keys');
  const message = isNewer
    ? `${path} holds what this command does not know and so cannot judge:`
    : `${path} is not as Sluice wrote it:`;
  throw new CommandError(EXIT.usage, [message, ...listed(issues)].join('\n'), {
    hint: isNewer ? hint : 'Fetch it again: sluice verdict <release> -o bundle.json',
  });
}

function listed(issues: readonly z.core.$ZodIssue[]): readonly string[] {
  const lines = issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const at = issue.path.map((key) => `/${String(key)}`).join('');
    if (keys.length > 0) return keys.map((key) => `  ${at}/${key} is not known.`);
    return issue.input === undefined ? `  ${at} is missing.` : `  ${at}: ${issue.message}.`;
  });
  const more = lines.length - MOST_SAID;
  return more > 0 ? [...lines.slice(0, MOST_SAID), `  and ${more} more.`] : lines;
}

function fieldOf(document: unknown, name: string): unknown {
  return typeof document === 'object' && document !== null && name in document
    ? (document as Record<string, unknown>)[name] // It has the name.
    : undefined;
}
