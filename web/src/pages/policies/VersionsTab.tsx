import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { policy as text } from '../../text/policies.js';
import { DiffView } from '../../ui/DiffView.js';
import { Moment } from '../../ui/Moment.js';
import type { Policy } from './policy-query.js';

interface Props {
  readonly policy: Policy;
  /** Versions to compare, as the URL says them; '' is the newest and the one before it. */
  readonly before: string;
  readonly after: string;
  readonly onChoose: (words: { readonly before?: string; readonly after?: string }) => void;
}

/** Compares two versions of a policy. */
export function VersionsTab({ policy, before, after, onChoose }: Props) {
  const versions = policy.versions ?? [];
  const find = (said: string) => versions.find(({ version }) => String(version) === said);
  const newer = find(after) ?? versions[0];
  const older = find(before) ?? versions.find(({ version }) => version < (newer?.version ?? 0)) ?? versions.at(-1);
  if (versions.length < 2 || newer === undefined || older === undefined) return <Text>{text.versions.one}</Text>;
  const data = versions.map(({ version }) => String(version));
  const contentOf = ({ parameters, document }: typeof newer) => ({ parameters, document });
  const isSame = JSON.stringify(contentOf(older)) === JSON.stringify(contentOf(newer));
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label={text.versions.before}
          value={String(older.version)}
          data={data}
          onChange={({ currentTarget }) => onChoose({ before: currentTarget.value })}
        />
        <NativeSelect
          label={text.versions.after}
          value={String(newer.version)}
          data={data}
          onChange={({ currentTarget }) => onChoose({ after: currentTarget.value })}
        />
        <Text c="dimmed">
          <Moment at={older.createdAt} /> → <Moment at={newer.createdAt} />
        </Text>
      </Group>
      {isSame ? (
        <Text>{text.versions.same}</Text>
      ) : (
        <DiffView
          before={contentOf(older)}
          after={contentOf(newer)}
          labels={text.versions.labels(older.version, newer.version)}
        />
      )}
    </Stack>
  );
}
