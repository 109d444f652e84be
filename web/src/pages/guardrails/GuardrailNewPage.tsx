import { Stack, Title } from '@mantine/core';
import type { Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { GuardrailCreate } from '../../forms/guardrail-create.js';
import { guardrails as text } from '../../text/guardrails.js';
import { pb } from '../../util/path-builder.js';

export const title = text.titleNew;

export function Page({ at }: Place<'project'>) {
  const go = useGo();
  return (
    <Stack gap="sm" maw={860}>
      <Title order={1}>{text.titleNew}</Title>
      <GuardrailCreate
        at={at}
        onDone={({ key, environment }) => go(pb.guardrail({ ...at, environment }, key))}
        onCancel={() => go(pb.guardrails(at))}
      />
    </Stack>
  );
}
