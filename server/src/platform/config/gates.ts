import { z } from 'zod';

/** How webhook gates of policies know that it is Sluice that asks. */
export abstract class GatesConfig {
  /** What signs the questions, the newest first; none: they are not signed. */
  abstract readonly secrets: readonly string[];
}

const MALFORMED =
  'must be "whsec_" and 24 to 64 bytes in base64; while it changes, the new one, a comma and the old one';

export const gatesSection = z
  .object({ SLUICE_GATE_SECRET: z.string().optional() })
  .transform(({ SLUICE_GATE_SECRET: listed }, context): GatesConfig => {
    const secrets = listed === undefined ? [] : listed.split(',').map((each) => each.trim());
    if (!secrets.every(isSecret)) {
      context.addIssue({ code: 'custom', path: ['SLUICE_GATE_SECRET'], message: MALFORMED });
    }
    return { secrets };
  });

/** As Standard Webhooks has them ("Signature scheme"). */
function isSecret(text: string): boolean {
  const [, key] = /^whsec_([A-Za-z0-9+/]+={0,2})$/u.exec(text) ?? [];
  if (key === undefined) return false;
  const bytes = Math.floor((key.replace(/=+$/u, '').length * 3) / 4);
  return bytes >= 24 && bytes <= 64;
}
