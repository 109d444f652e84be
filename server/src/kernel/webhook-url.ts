import { z } from 'zod';

const MAX_LENGTH = 2_048;

/** What is wrong with a URL as the address of a webhook; undefined when nothing is. */
export function objectionTo(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  if (!URL.canParse(text)) return 'must be a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https: or http: URL';
  if (url.username !== '' || url.password !== '') return 'must hold no user name or password: requests are signed';
  if (url.hash !== '') return 'must have no fragment: it would never be sent';
  return undefined;
}

export const webhookUrlSchema = z.string().superRefine((text, issues) => {
  const message = objectionTo(text);
  if (message !== undefined) issues.addIssue({ code: 'custom', message });
});
