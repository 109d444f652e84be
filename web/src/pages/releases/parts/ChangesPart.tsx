import { Stack, Text, Title } from '@mantine/core';
import { AppLink } from '../../../components/AppLink.js';
import { releases as text } from '../../../text/releases.js';
import { DiffView } from '../../../ui/DiffView.js';
import { type InProject, pb } from '../../../util/path-builder.js';
import type { Release } from '../release-query.js';

type Diff = NonNullable<Release['diff']>[number];

/** What the release moves, before and after. */
export function ChangesPart({ diff, at }: { readonly diff: Release['diff']; readonly at: InProject }) {
  if (diff === null || diff.length === 0) return <Text c="dimmed">{text.changes.none}</Text>;
  return (
    <Stack gap="md">
      {diff.map((each) => (
        <div key={each.subject}>
          <Title order={3} size="h4" mb={4}>
            <AppLink to={pathOf(each, at)}>{each.subject}</AppLink>
          </Title>
          <DiffView before={each.before} after={each.after} labels={[text.changes.before, text.changes.after]} />
        </div>
      ))}
    </Stack>
  );
}

function pathOf({ kind, subject }: Diff, at: InProject): string {
  const key = subject.slice(subject.indexOf('/') + 1);
  switch (kind) {
    case 'flag':
      return pb.flag(at, key);
    case 'service':
      return pb.service(at, key);
    case 'parallelRun':
      return pb.parallelRun(at, key);
  }
}
