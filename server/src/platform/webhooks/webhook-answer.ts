/** What a receiver said to one request: its HTTP status, or why there is none. */
export type WebhookAnswer =
  { readonly kind: 'answered'; readonly status: number } | { readonly kind: 'unanswered'; readonly error: string };
