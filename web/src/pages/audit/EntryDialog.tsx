import { Modal, Stack } from '@mantine/core';
import { audit } from '../../text/audit.js';
import { DiffView } from '../../ui/DiffView.js';
import { KeyValue } from '../../ui/KeyValue.js';
import { Moment } from '../../ui/Moment.js';
import type { AuditEntry } from './audit-queries.js';

const text = audit.entry;

/** One entry whole: who did it, under which request, and what it changed. */
export function EntryDialog({ entry, onClose }: { readonly entry: AuditEntry; readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={text.title(entry.sequence)} size="xl">
      <Stack gap="sm">
        <KeyValue
          items={{
            [text.at]: <Moment at={entry.at} />,
            [text.actor]: `${entry.actor.name} (${entry.actor.kind})`,
            [text.action]: entry.action,
            [text.subject]: <code>{entry.subject}</code>,
            [text.request]: <code>{entry.requestId}</code>,
            [text.hash]: <code>{entry.hash}</code>,
            [text.previous]: <code>{entry.previousHash}</code>,
          }}
        />
        <DiffView before={entry.before} after={entry.after} labels={[text.before, text.after]} />
      </Stack>
    </Modal>
  );
}
