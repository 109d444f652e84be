import { Stack, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { PolicyPlanView, type WrittenTraffic } from '../../components/PolicyPlanView.js';
import { usePolicyPlan } from '../../components/use-policy-plan.js';
import { plan as text } from '../../text/policies.js';
import type { InProject } from '../../util/path-builder.js';
import { toTraffic } from '../../util/release-draft.js';

const TYPING_MS = 250;

/** What a policy would come to with the environment's traffic, or with what is said of it. */
export function PlanTab({
  at,
  policy,
}: {
  readonly at: InProject & { readonly environment: string };
  readonly policy: string;
}) {
  const { project, environment } = at;
  const [traffic, setTraffic] = useState<WrittenTraffic>({ unitsPerMinute: '', badPercent: '' });
  const [typed] = useDebouncedValue(traffic, TYPING_MS);
  const planned = usePolicyPlan({ project, environment, policy, traffic: toTraffic({ changes: [], ...typed }) });
  return (
    <Stack gap="sm">
      <Title order={2}>{text.title}</Title>
      <PolicyPlanView
        {...planned}
        traffic={traffic}
        onTraffic={(changes) => setTraffic((before) => ({ ...before, ...changes }))}
        hasSteps
      />
    </Stack>
  );
}
