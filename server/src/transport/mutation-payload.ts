import type { Type } from '@nestjs/common';
import { Field, ObjectType } from '@nestjs/graphql';
import { type ErrorKind, SluiceError } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';
import { enumOf, JsonValue } from './graphql-scalars.js';

/** Kinds that say what to mend. Others are of the request as a whole, and stay errors of GraphQL. */
const PROBLEM_KINDS = ['invalid', 'forbidden', 'notFound', 'conflict', 'precondition'] as const satisfies ErrorKind[];
type ProblemKind = (typeof PROBLEM_KINDS)[number];

const ProblemKindWord = enumOf<ProblemKind>(PROBLEM_KINDS, {
  name: 'ProblemKind',
  description: 'What to do about it: mend the input, ask for a right, look again, or read what was changed meanwhile',
});

@ObjectType('Problem', { description: 'One thing for which a mutation was refused; nothing was stored' })
export class ProblemObject {
  @Field(() => ProblemKindWord)
  kind!: ProblemKind;

  @Field(() => String, { description: 'Stable, such as VERSION_STALE' })
  code!: string;

  @Field(() => String, { description: 'A sentence for a person that says what to do' })
  message!: string;

  @Field(() => String, { nullable: true, description: 'JSON pointer (RFC 6901) into the document that was sent' })
  pointer!: string | null;

  @Field(() => JsonValue, { description: 'What the code says more: an object' })
  data!: Json;
}

/** What every mutation answers: the object as it is afterwards, or why it is not. */
export interface Payload<T> {
  readonly node: T | null;
  readonly problems: readonly ProblemObject[];
}

/** Declares the payload of mutations that answer a type: `<name>Payload`. */
export function payloadOf(node: Type, name: string): Type<Payload<unknown>> {
  @ObjectType(`${name}Payload`)
  class NodePayload {
    @Field(() => node, { nullable: true, description: 'As it is afterwards; null where there are problems' })
    node!: unknown;

    @Field(() => [ProblemObject], { description: 'All at once; none where it was done' })
    problems!: ProblemObject[];
  }
  return NodePayload;
}

/** Does what a mutation asks for, and answers what stood in its way; throws what concerns the request as a whole. */
export async function toPayload<T>(useCase: () => Promise<T>): Promise<Payload<T>> {
  try {
    return { node: await useCase(), problems: [] };
  } catch (error) {
    if (!(error instanceof SluiceError) || !isProblemKind(error.kind)) throw error;
    return { node: null, problems: problemsOf(error, error.kind) };
  }
}

/** What an error says that mending the input may help with; none for an error of the request as a whole. */
export function toProblems(error: SluiceError): readonly ProblemObject[] {
  return isProblemKind(error.kind) ? problemsOf(error, error.kind) : [];
}

function problemsOf({ code, message, problems, data }: SluiceError, kind: ProblemKind): readonly ProblemObject[] {
  // Errors carry what JSON can say: REST puts the same into problem details.
  const common = { kind, data: data as Readonly<Record<string, Json>> };
  if (problems.length === 0) return [{ ...common, code, message, pointer: null }];
  return problems.map((problem) => ({ ...common, ...problem }));
}

function isProblemKind(kind: ErrorKind): kind is ProblemKind {
  return PROBLEM_KINDS.some((each) => each === kind);
}
