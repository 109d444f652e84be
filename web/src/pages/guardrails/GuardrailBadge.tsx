import { Group, Text } from '@mantine/core';
import { guardrails as text } from '../../text/guardrails.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { guardrailLook, type GuardrailState } from '../../util/guardrail.js';
import { formatCount } from '../../util/share.js';

interface Props {
  readonly state: GuardrailState;
  readonly counts: { readonly noData: number; readonly couldNotAsk: number };
}

/** How a guardrail stands, and whether that is still known. */
export function GuardrailBadge({ state, counts }: Props) {
  const { tone, silent, silence } = guardrailLook(state, counts);
  return (
    <Group gap={6} wrap="nowrap">
      <StatusBadge tone={tone}>{text.states[state]}</StatusBadge>
      {silent > 0 && (
        <Text span size="xs" c="dimmed">
          {text.silence[silence](formatCount(silent))}
        </Text>
      )}
    </Group>
  );
}
