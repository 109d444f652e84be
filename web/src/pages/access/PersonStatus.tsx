import { people as text } from '../../text/access.js';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.js';

type Status = 'active' | 'invited' | 'disabled';

const TONES: Readonly<Record<Status, Tone>> = { active: 'good', invited: 'waiting', disabled: 'neutral' };

export function PersonStatus({ status }: { readonly status: Status }) {
  return <StatusBadge tone={TONES[status]}>{text.status[status]}</StatusBadge>;
}
