import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** How much a document asks for, its fragments spread out. */
export interface DocumentSize {
  /** Fields within fields, at the deepest. What is asked of the schema itself counts as one: its own rule bounds that. */
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
}

const NOTHING: DocumentSize = { depth: 0, fields: 0, aliases: 0 };
const INTROSPECTION: readonly string[] = ['__schema', '__type'];

/** Measures all operations of a document together. Each fragment is measured once, however often it is spread. */
export function sizeOfDocument({ definitions }: DocumentNode): DocumentSize {
  const fragments = new Map(
    definitions.flatMap((each): [string, FragmentDefinitionNode][] =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
    ),
  );
  const known = new Map<string, DocumentSize>();

  const sizeOfFragment = (name: string): DocumentSize => {
    const measured = known.get(name);
    if (measured !== undefined) return measured;
    // A fragment within itself is nothing here; validation refuses it.
    known.set(name, NOTHING);
    const size = sizeOfSet(fragments.get(name)?.selectionSet);
    known.set(name, size);
    return size;
  };

  const sizeOfSet = (set: SelectionSetNode | undefined): DocumentSize =>
    (set?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return plus(sum, sizeOfFragment(selection.name.value));
      const inner = sizeOfSet(selection.selectionSet);
      if (selection.kind === Kind.INLINE_FRAGMENT) return plus(sum, inner);
      return plus(sum, {
        depth: INTROSPECTION.includes(selection.name.value) ? 1 : inner.depth + 1,
        fields: inner.fields + 1,
        aliases: inner.aliases + (selection.alias === undefined ? 0 : 1),
      });
    }, NOTHING);

  return definitions.reduce(
    (sum, each) => (each.kind === Kind.OPERATION_DEFINITION ? plus(sum, sizeOfSet(each.selectionSet)) : sum),
    NOTHING,
  );
}

function plus(one: DocumentSize, other: DocumentSize): DocumentSize {
  return {
    depth: Math.max(one.depth, other.depth),
    fields: one.fields + other.fields,
    aliases: one.aliases + other.aliases,
  };
}
