/** Of what is measured no change is told: so often it is asked. */
export const ASK_MS = 3_000;
