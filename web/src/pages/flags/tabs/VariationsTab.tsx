import { Button, Code, Group, Modal, ScrollArea, Stack, Table } from '@mantine/core';
import { useState } from 'react';
import { useLoaded, present } from '../../../api/live-query.js';
import type { Loading } from '../../../components/screen.js';
import { useViewerAbilities } from '../../../components/use-viewer.js';
import { FlagVariations, flagVariationsQuery } from '../../../forms/flag-variations.js';
import { flag as text } from '../../../text/flag.js';
import { ActionButton } from '../../../ui/ActionButton.js';
import { may } from '../../../util/may.js';
import type { InProject } from '../../../util/path-builder.js';
import { previewValue, sizeOfValue } from '../../../util/variation-value.js';

const PREVIEW_LENGTH = 120;
const words = text.variations;

export function loadVariations(
  { project, flag }: { readonly project: string; readonly flag: string },
  fetch: Loading['fetch'],
): Promise<unknown> {
  return fetch(flagVariationsQuery, { project, flag });
}

/** What the flag can answer, in every environment the same. */
export function VariationsTab({ at, flag: key }: { readonly at: InProject; readonly flag: string }) {
  const flag = present(useLoaded(flagVariationsQuery, { project: at.project, flag: key }).project?.flag);
  const mayWrite = may('flag.write', useViewerAbilities(at));
  const [isEditing, setIsEditing] = useState(false);
  const [shown, setShown] = useState<string>();
  if (isEditing) return <FlagVariations at={at} flag={flag} onClose={() => setIsEditing(false)} />;
  const whole = flag.variations.find((variation) => variation.key === shown);
  return (
    <Stack gap="sm">
      <Table aria-label={words.label} withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={180}>{words.key}</Table.Th>
            <Table.Th>{words.value}</Table.Th>
            <Table.Th w={90} ta="end">
              {words.size}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {flag.variations.map(({ key: variation, value }) => {
            const preview = previewValue(value, PREVIEW_LENGTH);
            return (
              <Table.Tr key={variation}>
                <Table.Td>{variation}</Table.Td>
                <Table.Td>
                  <Group gap="xs">
                    <Code>{preview}</Code>
                    {preview.endsWith('…') && (
                      <Button
                        variant="subtle"
                        size="compact-xs"
                        aria-label={words.whole(variation)}
                        onClick={() => setShown(variation)}
                      >
                        {words.wholeShort}
                      </Button>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td ta="end">{sizeOfValue(value)}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
      <Group>
        <ActionButton may={mayWrite} variant="default" onClick={() => setIsEditing(true)}>
          {words.edit}
        </ActionButton>
      </Group>
      {whole !== undefined && (
        <Modal opened onClose={() => setShown(undefined)} title={whole.key} size="xl">
          <ScrollArea.Autosize mah="70dvh" viewportProps={{ tabIndex: 0 }}>
            <Code block>{JSON.stringify(whole.value, null, 2)}</Code>
          </ScrollArea.Autosize>
        </Modal>
      )}
    </Stack>
  );
}
