import { type CompiledRules, NO_RULES, type RuleState } from './compile-rules.js';
import { saidOf, symbolsOf } from './instance.js';
import { bytesOf, classNameOf, isPlain, kindOf, leafOf, markerOf, partsOfError } from './object-kind.js';
import { DICTIONARY_SIZE, POSITION } from './path.js';
import { foldCase, instantOf } from './transition.js';

/** What an element is matched by: `key` has to be equal; the numbers are those that rules let differ, in its order. */
export interface ElementKey {
  readonly key: string;
  readonly loose: readonly number[];
}

/**
 * Writes a value as a text: sorted keys, numbers as the language has them, the two zeros as one. Values that compare
 * equal have one text (cycles: when they are folded alike). Total on snapshots; of other values, throws what their getters
 * throw.
 */
export function canonicalText(value: unknown): string {
  return new CanonicalWriter().text(value, NO_RULES.root);
}

/** The text of an input, in which all functions are alike: a callback is made anew for each call. */
export function inputText(value: unknown): string {
  return new CanonicalWriter(true).text(value, NO_RULES.root);
}

/** The text of an element without what the rules waive at its place. */
export function elementKey(value: unknown, state: CompiledRules['root']): ElementKey {
  const writer = new CanonicalWriter();
  return { key: writer.text(value, state), loose: writer.loose };
}

class CanonicalWriter {
  readonly loose: number[] = [];
  private readonly ancestors: object[] = [];

  constructor(private readonly areFunctionsAlike = false) {}

  text(value: unknown, state: RuleState): string {
    if (state.isIgnored) return '~';
    const instant = Number.isNaN(state.dateWithinMs) ? NaN : instantOf(value);
    if (!Number.isNaN(instant)) return this.letDiffer(instant, '@');
    const leaf = leafOf(value);
    switch (typeof leaf) {
      case 'string':
        return JSON.stringify(state.isCaseInsensitive ? foldCase(leaf) : leaf);
      case 'number':
        if (state.tolerances.length > 0 && Number.isFinite(leaf)) return this.letDiffer(leaf, '#');
        return String(leaf); // also of −0: "0"
      case 'bigint':
        return state.tolerances.length > 0 ? this.letDiffer(Number(leaf), '#n') : `${leaf}n`;
      case 'object':
        return leaf === null ? 'null' : this.objectText(leaf, state);
      case 'undefined':
      case 'boolean':
      case 'symbol':
      case 'function':
        return String(leaf);
    }
  }

  private letDiffer(value: number, sign: string): string {
    this.loose.push(value);
    return sign;
  }

  private objectText(value: object, state: RuleState): string {
    const at = this.ancestors.lastIndexOf(value);
    if (at >= 0) return `^${this.ancestors.length - at}`;
    this.ancestors.push(value);
    const text = this.contentText(value, state);
    this.ancestors.pop();
    return text;
  }

  private contentText(value: object, state: RuleState): string {
    const kind = kindOf(value);
    switch (kind) {
      case 'array':
        return `[${this.elementTexts(value as readonly unknown[], state).join()}]`; // as its kind says, here and below
      case 'numbers':
        return `numbers[${this.elementTexts(value as unknown as ArrayLike<unknown>, state).join()}]`;
      case 'set':
        return `Set{${this.elementTexts([...(value as ReadonlySet<unknown>)], state)
          .sort()
          .join()}}`;
      case 'map':
        return `Map{${this.entryTexts(value as ReadonlyMap<unknown, unknown>, state)
          .sort()
          .join()}}`;
      case 'object':
        return this.recordText(`${classNameOf(value)}${this.saidText(value, state)}`, value, state);
      case 'error':
        return this.recordText(`${classNameOf(value)}!`, partsOfError(value), state);
      case 'date':
        return `@${Date.prototype.getTime.call(value)}`;
      case 'bytes':
        return `x${Array.from(bytesOf(value), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
      case 'text': {
        const { type, text } = markerOf(value);
        return `<${type} ${JSON.stringify(type === 'function' && this.areFunctionsAlike ? '' : text)}>`;
      }
      case 'boxed':
      case 'opaque':
        return `<${kind}>`;
    }
  }

  private elementTexts(values: ArrayLike<unknown>, state: RuleState): string[] {
    const element = state.next(POSITION);
    const texts = Array.from(values, (value) => this.text(value, element));
    return state.isUnordered || state.keyFields.length > 0 ? texts.sort() : texts;
  }

  private entryTexts(map: ReadonlyMap<unknown, unknown>, state: RuleState): string[] {
    const texts: string[] = [];
    const member = state.next(POSITION);
    Map.prototype.forEach.call(map, (value: unknown, key: unknown) => {
      texts.push(`${this.text(key, NO_RULES.root)}=>${this.text(value, member)}`);
    });
    return texts;
  }

  private recordText(name: string, record: object, state: RuleState): string {
    const texts: string[] = [];
    const keys = Object.keys(record).sort();
    for (const key of keys) {
      const member = state.next(keys.length > DICTIONARY_SIZE ? POSITION : key);
      if (member.isIgnored) continue; // absent on one side is waived as well
      texts.push(`${JSON.stringify(key)}:${this.text((record as Readonly<Record<string, unknown>>)[key], member)}`);
    }
    return `${name}{${[...texts, ...this.symbolTexts(record, state)].join()}}`;
  }

  private symbolTexts(record: object, state: RuleState): readonly string[] {
    const symbols = symbolsOf(record);
    if (symbols.length === 0) return [];
    const member = state.next(POSITION);
    if (member.isIgnored) return [];
    const texts = symbols.map((key) => {
      const value = (record as Readonly<Record<symbol, unknown>>)[key]; // of its own keys
      return `[${JSON.stringify(key.description)}]:${this.text(value, member)}`;
    });
    return texts.sort();
  }

  private saidText(value: object, state: RuleState): string {
    const said = isPlain(value) ? undefined : saidOf(value);
    return said === undefined ? '' : `(${this.text(said, state)})`;
  }
}
