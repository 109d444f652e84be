/** What is known of the subject of an evaluation; OpenFeature's evaluation context. */
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
