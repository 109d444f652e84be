/**
 * What is known of the subject of an evaluation; OpenFeature's evaluation context. Attributes may be an object's own or
 * come from its class; what every object inherits (`constructor`, `toString`) counts only as its own.
 */
export interface EvaluationContext {
  readonly targetingKey?: string;
  readonly [attribute: string]: ContextValue | undefined;
}

export type ContextValue =
  | null
  | boolean
  | number
  | string
  | Date
  | readonly ContextValue[]
  | { readonly [key: string]: ContextValue | undefined };
