import { registerEnumType } from '@nestjs/graphql';
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { z } from 'zod';
import type { Json } from '../kernel/json.js';

const instant = z.iso.datetime({ offset: true });

/** A moment: RFC 3339, answered in UTC. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment as RFC 3339 (ISO 8601) text with a time zone: 2026-11-21T14:00:00.000Z. Answers are in UTC.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc3339#section-5.6',
  serialize: (value) => (value instanceof Date ? value : toDate(value)).toISOString(),
  parseValue: toDate,
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return toDate(node.value);
    throw notAMoment();
  },
});

/** Any JSON, where its shape is told elsewhere. */
export const JsonValue = new GraphQLScalarType<Json, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc8259',
  serialize: (value) => value,
  // Values of variables were read from a JSON body, and literals of GraphQL are JSON but for enums, read as text.
  parseValue: (value) => value as Json,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables) as Json,
});

/** Declares a closed set of words as a GraphQL enum of the same words; answers what `@Field` takes as its type. */
export function enumOf<T extends string>(
  words: readonly T[],
  { name, description }: { readonly name: string; readonly description: string },
): Readonly<Record<T, T>> {
  // Every word is a key, and its own value.
  const type = Object.fromEntries(words.map((word) => [word, word])) as Record<T, T>;
  registerEnumType(type, { name, description });
  return type;
}

function toDate(value: unknown): Date {
  const parsed = instant.safeParse(value);
  const date = new Date(parsed.data ?? Number.NaN);
  const year = date.getUTCFullYear();
  if (year >= 1970 && year <= 9999) return date;
  throw notAMoment();
}

function notAMoment(): GraphQLError {
  return new GraphQLError('must be a moment from 1970 to 9999 such as "2026-11-21T14:00:00Z", with a time zone.');
}
