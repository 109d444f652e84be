/** What of a webhook of a Canary is read here. */
export interface CanaryWebhook {
  readonly type: string;
  readonly url: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface CanaryStatus {
  readonly name: string;
  readonly namespace: string;
  /** Of the Canary: what Flagger sends does not say the type of the webhook. */
  readonly phase: string;
}

/**
 * Calls a webhook as Flagger 1.44 does: a POST of JSON, no header of its own, ten seconds. Answers whether that is go, 200
 * to 202, and what was said otherwise, which Flagger writes into its events.
 */
export async function callWebhook(
  { url, metadata, type }: CanaryWebhook,
  canary: CanaryStatus,
  sluice: string,
): Promise<{ readonly isGo: boolean; readonly status: number; readonly says: string }> {
  const happened =
    type === 'event' ? { eventMessage: 'New revision detected!', eventType: 'Normal', timestamp: '1789000000000' } : {};
  const answer = await fetch(sluice + new URL(url).pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...canary, checksum: '85d557f47b', metadata: { ...metadata, ...happened } }),
    signal: AbortSignal.timeout(10_000),
  });
  return { isGo: answer.status >= 200 && answer.status <= 202, status: answer.status, says: await answer.text() };
}
