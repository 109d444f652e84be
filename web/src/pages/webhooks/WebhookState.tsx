import { webhooks as text } from '../../text/webhooks.js';
import { StatusBadge } from '../../ui/StatusBadge.js';

interface Props {
  readonly webhook: { readonly enabled: boolean; readonly disabledReason: string | null };
}

/** Whether anything is sent to it, and who says not. */
export function WebhookState({ webhook: { enabled, disabledReason } }: Props) {
  if (enabled) return <StatusBadge tone="good">{text.state.on}</StatusBadge>;
  if (disabledReason === null) return <StatusBadge tone="neutral">{text.state.off}</StatusBadge>;
  return <StatusBadge tone="bad">{text.state.stopped}</StatusBadge>;
}
