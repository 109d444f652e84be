import type { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { EXIT } from '../exit-code.js';
import { readDocument } from '../read-document.js';
import type { Page } from '../release-view.js';
import type { Run, Session } from '../session.js';
import { type FileOptions, moreLines } from './options.js';

type Awaitable<Value> = Value | Promise<Value>;
type Query = Readonly<Record<string, string | undefined>>;

/** Where in the API it is: the arguments of the command, such as `<flag>`, lead there. */
type Path = (session: Session, ...names: string[]) => Awaitable<string>;

interface Asking {
  /** As Commander takes it: a verb, and the names that it asks for. */
  readonly command: string;
  readonly description: string;
  readonly path: Path;
}

interface Listing<Item> extends Asking {
  /** What is asked beside the options, which are asked as they are. */
  readonly query?: (session: Session) => Awaitable<Query>;
  readonly render: (items: readonly Item[], session: Session) => readonly string[];
}

interface Showing<Item> extends Asking {
  readonly render: (item: Item, session: Session) => readonly string[];
}

interface Writing<Item> extends Asking {
  /** What is sent; the file that --file names unless said. */
  readonly read?: (command: Command, session: Session) => Awaitable<unknown>;
  /** What has been done, in a sentence. */
  readonly done: (item: Item) => string;
}

/** A command that lists, page by page where the API has pages (`withPages`). */
export function addList<Item>(group: Command, run: Run, { query, render, ...asking }: Listing<Item>): Command {
  return addAsking(group, run, asking, async (session, path, command) => {
    const asked = { ...command.opts<Query>(), ...(await query?.(session)) };
    const page = await session.get<Partial<Page<Item>> & Pick<Page<Item>, 'items'>>(path, { query: asked });
    session.print(page, [...render(page.items, session), ...moreLines(page.nextCursor ?? null)]);
  });
}

/** A command that shows one of a kind. */
export function addShow<Item>(group: Command, run: Run, { render, ...asking }: Showing<Item>): Command {
  return addAsking(group, run, asking, async (session, path) => {
    const item = await session.get<Item>(path);
    session.print(item, render(item, session));
  }).alias('get');
}

/** A command that makes one of a kind. */
export function addCreate<Item>(
  group: Command,
  run: Run,
  { read = readFile, done, ...asking }: Writing<Item>,
): Command {
  return addAsking(group, run, asking, async (session, path, command) => {
    const made = await session.post<Item>(path, await read(command, session));
    session.print(made, [done(made)]);
  });
}

/** A command that replaces fields; what somebody else edits meanwhile is not overwritten but told. */
export function addEdit<Item>(group: Command, run: Run, { read = readFile, done, ...asking }: Writing<Item>): Command {
  return addAsking(group, run, asking, async (session, path, command) => {
    const body = await read(command, session);
    if (saysNothing(body)) throw new CommandError(EXIT.usage, 'Say what to change. Add --help to see what there is.');
    const edited = await session.edit<Item>(path, body);
    session.print(edited, [done(edited)]);
  });
}

/** A command that deletes. */
export function addDelete(group: Command, run: Run, asking: Asking): Command {
  return addAsking(group, run, asking, async (session, path, { args: [name = ''] }) => {
    await session.request('DELETE', path, { headers: { 'if-match': '*' } });
    session.print({ deleted: name }, [`Deleted ${name}.`]);
  });
}

function addAsking(
  group: Command,
  run: Run,
  { command, description, path }: Asking,
  work: (session: Session, path: string, command: Command) => Promise<void>,
): Command {
  const added = group.command(command).description(description);
  return added.action(() => run(added, async (session) => work(session, await path(session, ...added.args), added)));
}

function readFile(command: Command): Promise<unknown> {
  return readDocument(command.opts<FileOptions>().file);
}

function saysNothing(body: unknown): boolean {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return isObject && Object.values(body).every((value) => value === undefined);
}
