/** Where the command runs: what it may write to, what it knows of its surroundings, and when it is to stop. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Results. */
  readonly out: (text: string) => void;
  /** Everything else. */
  readonly err: (text: string) => void;
  /** Whether results are looked at by a person, on a screen that can be drawn over. */
  readonly isScreen: boolean;
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Aborted when somebody stops the command. */
  readonly interrupted: AbortSignal;
}
