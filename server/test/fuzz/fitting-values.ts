import fc, { type Arbitrary } from 'fast-check';

/** What a request may say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** As much of JSON Schema as the committed contract uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly Json[];
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
}

/** Names of things that are there, by the name of the member or parameter that may say them. */
export type KnownNames = Readonly<Record<string, readonly string[]>>;

const MAX_DEPTH = 7;
const MAX_ITEMS = 3;
const MAX_LENGTH = 24;
const EDGE = Number.MAX_SAFE_INTEGER;
const LETTERS = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/:-]{0,20}$/u);

/** Values that keep to schemas, and mostly name things that are there. */
export class FittingValues {
  constructor(
    private readonly schemas: Readonly<Record<string, JsonSchema>>,
    readonly known: KnownNames,
  ) {}

  /** Values of a member or parameter of a name. */
  named(name: string, schema: JsonSchema, depth = 0): Arbitrary<Json> {
    const names = Object.hasOwn(this.known, name) ? (this.known[name] ?? []) : [];
    const fitting = this.of(schema, depth);
    if (names.length === 0 || !mayBeText(schema)) return fitting;
    return fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: fitting });
  }

  /** Values of a schema. Where it goes deep they end. */
  of(schema: JsonSchema, depth = 0): Arbitrary<Json> {
    if (schema.$ref !== undefined) return this.of(this.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, depth + 1);
    if (schema.allOf?.[0] !== undefined) return this.of(schema.allOf[0], depth);
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    const choices = schema.anyOf ?? schema.oneOf ?? typesOf(schema).map((type) => ({ ...schema, type }));
    if (choices.length !== 1) return this.oneOf(choices, depth);
    return this.ofType(choices[0] ?? {}, depth);
  }

  private oneOf(choices: readonly JsonSchema[], depth: number): Arbitrary<Json> {
    const flat = choices.filter(({ $ref, items, properties, additionalProperties }) => {
      return (
        $ref === undefined && items === undefined && properties === undefined && additionalProperties === undefined
      );
    });
    const left = depth > MAX_DEPTH ? flat : choices;
    return left.length === 0 ? fc.constant(null) : fc.oneof(...left.map((choice) => this.of(choice, depth + 1)));
  }

  private ofType(schema: JsonSchema, depth: number): Arbitrary<Json> {
    switch (schema.type) {
      case 'null':
        return fc.constant(null);
      case 'boolean':
        return fc.boolean();
      case 'integer':
      case 'number':
        return numbersOf(schema);
      case 'array':
        return this.listsOf(schema, depth);
      case 'object':
        return this.objectsOf(schema, depth);
      default:
        return textsOf(schema);
    }
  }

  private listsOf({ items = {}, minItems = 0, maxItems = MAX_ITEMS }: JsonSchema, depth: number): Arbitrary<Json> {
    const maxLength = Math.max(minItems, depth > MAX_DEPTH ? 0 : Math.min(maxItems, MAX_ITEMS));
    return fc.array(this.of(items, depth + 1), { minLength: minItems, maxLength });
  }

  private objectsOf(schema: JsonSchema, depth: number): Arbitrary<Json> {
    const { properties = {}, required = [], additionalProperties = false } = schema;
    if (typeof additionalProperties === 'object' && Object.keys(properties).length === 0) {
      return fc.dictionary(LETTERS, this.of(additionalProperties, depth + 1), {
        maxKeys: depth > MAX_DEPTH ? 0 : MAX_ITEMS,
        noNullPrototype: true,
      });
    }
    const members = Object.entries(properties).filter(([name]) => depth <= MAX_DEPTH || required.includes(name));
    const model = Object.fromEntries(members.map(([name, member]) => [name, this.named(name, member, depth + 1)]));
    return fc.record(model, { requiredKeys: [...required], noNullPrototype: true });
  }
}

function typesOf({ type }: JsonSchema): readonly string[] {
  if (type === undefined) return ['string'];
  return typeof type === 'string' ? [type] : type;
}

function mayBeText(schema: JsonSchema): boolean {
  return schema.enum === undefined && typesOf(schema).includes('string') && schema.anyOf === undefined;
}

function numbersOf(schema: JsonSchema): Arbitrary<number> {
  const { type, minimum = -EDGE, maximum = EDGE, exclusiveMinimum = false, exclusiveMaximum = false } = schema;
  if (type === 'number') {
    return fc.double({
      min: minimum,
      max: maximum,
      minExcluded: exclusiveMinimum,
      maxExcluded: exclusiveMaximum,
      noNaN: true,
    });
  }
  const { multipleOf = 1 } = schema;
  const [min, max] = [Math.ceil(minimum / multipleOf), Math.floor(maximum / multipleOf)];
  return fc.integer({ min, max }).map((count) => count * multipleOf);
}

function textsOf({ format, pattern, minLength = 0, maxLength = MAX_LENGTH }: JsonSchema): Arbitrary<string> {
  const dates = { min: new Date('2001-01-01'), max: new Date('2099-12-31'), noInvalidDate: true };
  if (format === 'date-time') return fc.date(dates).map((date) => date.toISOString());
  if (format === 'uuid') return fc.uuid();
  if (format === 'uri') return fc.constantFrom('https://shop.invalid/x', 'http://127.0.0.1:9/x');
  // Letters of Unicode's classes are none that fast-check makes; those of ASCII are among them.
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern.replaceAll(/\\p\{[LN]\}/gu, 'a-z'), 'u'));
  return fc.string({
    unit: 'grapheme',
    minLength,
    maxLength: Math.max(minLength, Math.min(maxLength, MAX_LENGTH)),
  });
}
