import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseDocument } from 'yaml';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-code.js';

/** Reads a file of YAML or JSON, which is YAML too; `-` is what is piped in. Throws a usage error. */
export async function readDocument(path: string): Promise<unknown> {
  const content = path === '-' ? await text(process.stdin) : await readText(path);
  const json = readJson(content);
  if (json !== undefined) return json;
  const document = parseDocument(content);
  const [error] = document.errors;
  if (error !== undefined) throw new CommandError(EXIT.usage, `${path} is neither YAML nor JSON: ${error.message}`);
  return document.toJS({ maxAliasCount: 100 });
}

/** What is JSON is read as such: a parser of YAML takes minutes over a large bundle. */
function readJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    // Node's own errors of files say what and where.
    throw new CommandError(EXIT.usage, `${path} cannot be read: ${(cause as Error).message}`);
  }
}
