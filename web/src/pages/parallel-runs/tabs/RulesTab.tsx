import { Group, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useViewerAbilities } from '../../../components/use-viewer.js';
import { ParallelRunRuleAdd } from '../../../forms/parallel-run-rule-add.js';
import { ParallelRunRuleRemove } from '../../../forms/parallel-run-rule-remove.js';
import { parallelRun as text } from '../../../text/parallel-run.js';
import { ActionButton } from '../../../ui/ActionButton.js';
import { EmptyState } from '../../../ui/EmptyState.js';
import { Moment } from '../../../ui/Moment.js';
import { boundWords, NO_RULE, RULE_KINDS } from '../../../util/comparison-rule.js';
import { both, may } from '../../../util/may.js';
import type { ShownRun, ShownSettings } from '../run-query.js';

const words = text.rules;

interface Props {
  readonly at: { readonly project: string; readonly environment: string; readonly run: string };
  readonly settings: ShownSettings;
  readonly owner: string | null;
  readonly hold: ShownRun['hold'];
}

/** What does not count as a difference here, whose rule it is, and why. */
export function RulesTab({ at, settings, owner, hold }: Props) {
  const [isAdding, setIsAdding] = useState(false);
  const [removed, setRemoved] = useState<string>();
  const place = { project: at.project, environment: at.environment };
  const mayWrite = both(
    may('parallelRun.write', useViewerAbilities(place)),
    hold === null ? { isAllowed: true } : { isAllowed: false, reason: hold.sentence },
  );
  const { rules, version } = settings;
  const rule = rules.find(({ id }) => id === removed);
  const add = (
    <ActionButton may={mayWrite} onClick={() => setIsAdding(true)}>
      {words.add}
    </ActionButton>
  );
  return (
    <Stack gap="sm">
      {rules.length === 0 ? (
        <EmptyState title={words.none.title} cli={words.none.cli(at.run, at.environment)} action={add}>
          {words.none.text}
        </EmptyState>
      ) : (
        <>
          <Group justify="space-between">
            <Text c="dimmed">{words.intro}</Text>
            {add}
          </Group>
          <Table.ScrollContainer minWidth={720}>
            <Table aria-label={words.label} withTableBorder>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{words.path}</Table.Th>
                  <Table.Th>{words.what}</Table.Th>
                  <Table.Th>{words.reason}</Table.Th>
                  <Table.Th>{words.owner}</Table.Th>
                  <Table.Th>{words.added}</Table.Th>
                  <Table.Th>{words.expires}</Table.Th>
                  <Table.Th>{words.act}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rules.map((each) => (
                  <Table.Tr key={each.id}>
                    <Table.Td ff="monospace">{each.path}</Table.Td>
                    <Table.Td>{effectWords(each)}</Table.Td>
                    <Table.Td>{each.reason}</Table.Td>
                    <Table.Td>{each.owner}</Table.Td>
                    <Table.Td>
                      <Moment at={each.createdAt} />
                    </Table.Td>
                    <Table.Td>
                      <Moment at={each.expiresAt} absent={words.never} />
                    </Table.Td>
                    <Table.Td>
                      <ActionButton
                        may={mayWrite}
                        variant="default"
                        size="compact-xs"
                        onClick={() => setRemoved(each.id)}
                      >
                        {words.remove}
                      </ActionButton>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </>
      )}
      {isAdding && (
        <ParallelRunRuleAdd
          at={place}
          run={at.run}
          owner={owner}
          version={version}
          rule={NO_RULE}
          onClose={() => setIsAdding(false)}
        />
      )}
      {rule !== undefined && (
        <ParallelRunRuleRemove
          at={place}
          run={at.run}
          rule={rule}
          version={version}
          onClose={() => setRemoved(undefined)}
        />
      )}
    </Stack>
  );
}

function effectWords(rule: ShownSettings['rules'][number]): string {
  const kind = RULE_KINDS.find((each) => each === rule.kind);
  const bounds = boundWords(rule);
  return [kind === undefined ? rule.kind : words.kinds[kind], ...(bounds === '' ? [] : [bounds])].join(': ');
}
