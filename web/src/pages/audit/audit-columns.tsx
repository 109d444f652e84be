import { UnstyledButton } from '@mantine/core';
import { audit as text } from '../../text/audit.js';
import type { Column } from '../../ui/DataTable.js';
import { Moment } from '../../ui/Moment.js';
import type { AuditEntry } from './audit-queries.js';
import classes from './audit-columns.module.css';

/** The columns of the log: `open` shows an entry whole. */
export function columnsOf(open: (sequence: number) => void): readonly Column<AuditEntry>[] {
  return [
    { id: 'at', header: text.columns.at, width: '140px', cell: ({ at }) => <Moment at={at} /> },
    { id: 'actor', header: text.columns.actor, width: '200px', cell: ({ actor }) => actor.name },
    {
      id: 'action',
      header: text.columns.action,
      width: '260px',
      cell: ({ action, subject, sequence }) => (
        <UnstyledButton
          className={classes['open']}
          aria-label={text.open(action, subject)}
          onClick={() => open(sequence)}
        >
          {action}
        </UnstyledButton>
      ),
    },
    { id: 'subject', header: text.columns.subject, cell: ({ subject }) => <code>{subject}</code> },
  ];
}
