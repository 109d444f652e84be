import { Tooltip } from '@mantine/core';
import { flags as text } from '../../text/flags.js';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.js';
import type { LifeStage } from '../../util/life-cycle.js';

const TONES: Readonly<Record<LifeStage, Tone>> = {
  new: 'neutral',
  live: 'active',
  settled: 'good',
  idle: 'waiting',
  unused: 'waiting',
  overdue: 'warning',
};

/** Where a flag stands in its life, and on hover what that means. */
export function StageBadge({ stage }: { readonly stage: LifeStage }) {
  return (
    <Tooltip label={text.stageHints[stage]} events={{ hover: true, focus: true, touch: true }}>
      <span>
        <StatusBadge tone={TONES[stage]}>{text.stages[stage]}</StatusBadge>
      </span>
    </Tooltip>
  );
}
