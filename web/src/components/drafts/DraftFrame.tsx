import { Alert, Button, Group, Stack } from '@mantine/core';
import type { ComponentProps, ReactNode } from 'react';
import { drafts as text } from '../../text/drafts.js';
import { Banner } from '../Banner.js';
import { ConflictDialog } from '../ConflictDialog.js';
import { ComplaintsAbout } from './Complaints.js';
import { DraftBar } from './DraftBar.js';
import { LeaveGuard } from './LeaveGuard.js';
import type { DraftOf } from './use-draft.js';
import type { useDraftSave } from './use-draft-save.js';

interface Props extends Pick<
  ComponentProps<typeof DraftBar>,
  'changed' | 'before' | 'after' | 'reviewFor' | 'fault' | 'may'
> {
  readonly draft: Pick<DraftOf<object>, 'changes' | 'isStale' | 'discard'>;
  readonly saved: ReturnType<typeof useDraftSave>;
  /** Stands over what was refused. */
  readonly head?: ReactNode;
  /** What is edited. */
  readonly children: ReactNode;
}

/** What stands around something that is edited as a draft: what is in its way, and what becomes of it. */
export function DraftFrame({ draft, saved, head, children, ...review }: Props) {
  return (
    <ComplaintsAbout at={saved.complaints}>
      <Stack gap="sm">
        {head}
        {draft.isStale && (
          <Alert color="yellow" py="xs">
            <Group gap="sm">
              {text.stale}
              <Button variant="default" size="compact-sm" onClick={saved.compare}>
                {text.compare}
              </Button>
            </Group>
          </Alert>
        )}
        <Banner problems={saved.problems} />
        {children}
        <DraftBar {...review} isRunning={saved.isRunning} onSave={saved.save} onDiscard={draft.discard} />
        <LeaveGuard isEdited={draft.changes !== undefined} onDiscard={draft.discard} />
        {saved.conflict !== undefined && <ConflictDialog {...saved.conflict} isRunning={saved.isRunning} />}
      </Stack>
    </ComplaintsAbout>
  );
}
