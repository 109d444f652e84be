import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommandError } from '../command-error.js';
import { EXIT } from '../exit-code.js';
import { parseDuration } from '../parse-duration.js';
import type { ReportOptions } from '../reports.js';

/** An option that takes a time span, as milliseconds. */
export function durationOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const ms = parseDuration(text);
    if (ms === undefined) throw new InvalidArgumentError('Say a number and a unit: 90s, 15m, 2h, 1d.');
    return ms;
  });
}

/** An option that may be given again and again. */
export function manyOption(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((text: string, before: readonly string[]) => [...before, text])
    .default([], 'none');
}

/** An option that replaces a whole list (`parseList`). */
export function listOption(flags: string, description: string): Option {
  return manyOption(flags, `${description}; "none" empties the list`).default([], 'as it is');
}

/** An option that takes a whole number. */
export function countOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    if (!/^\d{1,15}$/u.test(text)) throw new InvalidArgumentError('Say a whole number.');
    return Number(text);
  });
}

/** What every list may be asked. */
export function withPages(command: Command): Command {
  return command
    .option('--limit <count>', '1 to 200 (default: 50)')
    .option('--after <cursor>', 'go on behind a page: its nextCursor');
}

/** What a list says when there is more of it. */
export function moreLines(nextCursor: string | null): readonly string[] {
  return nextCursor === null ? [] : [`More: --after ${nextCursor}`];
}

/** The name that a command was given in place of a file. */
export function nameSaid({ args: [name] }: Command): string {
  if (name === undefined) throw new CommandError(EXIT.usage, 'Say a key, or a file with --file.');
  return name;
}

export interface FileOptions {
  readonly file: string;
}

export function withFile(command: Command, what: string): Command {
  return command.requiredOption('-f, --file <path>', `${what} as YAML or JSON; - for standard input`);
}

/** Examples below a command's help. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  return command.addHelpText('after', ['', 'Examples:', ...examples.map((example) => `  ${example}`)].join('\n'));
}

/** What a command that starts a release can be asked. */
export interface StartOptions extends ReportOptions {
  readonly wait?: boolean;
  readonly overrideRejection?: string;
}

/** What a command that may wait can be asked. */
export function withWaiting(command: Command): Command {
  return withReports(command.option('--wait', 'end only when the release has ended, with its exit code'));
}

/** What a command that follows a release can be asked. */
export function withReports(command: Command): Command {
  return command
    .option('--junit <path>', 'write a JUnit report there')
    .option('--summary <path>', 'add a Markdown summary there, such as "$GITHUB_STEP_SUMMARY"');
}
