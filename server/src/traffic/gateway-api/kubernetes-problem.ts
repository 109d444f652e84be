/** A `Status` of the Kubernetes API that says what went wrong: what of it Sluice reads. */
export interface KubernetesStatus {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  };
}

const MAX_WORDS = 500;

/** What an API server that refuses says, for people. */
export function wordsOf({ reason, message }: KubernetesStatus): string {
  const said = message ?? reason ?? 'without a word';
  return said.length > MAX_WORDS ? `${said.slice(0, MAX_WORDS)}…` : said;
}

/** Who else owns fields that an apply wanted, by the names of their field managers; nobody where that was not it. */
export function conflictingManagers({ details }: KubernetesStatus): readonly string[] {
  const conflicts = (details?.causes ?? []).filter(({ reason }) => reason === 'FieldManagerConflict');
  const names = conflicts.map(({ message = '' }) => /^conflict with "([^"]+)"/u.exec(message)?.[1] ?? 'somebody');
  return [...new Set(names)].sort();
}
