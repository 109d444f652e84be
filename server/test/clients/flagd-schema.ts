import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

const ajv = new Ajv({ strict: false });
ajv.addSchema(published('targeting.json'));
const validate = ajv.compile(published('flags.json'));

/** What is wrong with a flag configuration, by flagd's own schema; nothing for a valid one. */
export function objectionsToFlags(document: unknown): readonly string[] {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

function published(file: string): object {
  return JSON.parse(readFileSync(new URL(`../e2e/flagd/${file}`, import.meta.url), 'utf8')) as object; // safe: schemas
}
