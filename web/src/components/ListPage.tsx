import { Group, Stack, Title } from '@mantine/core';
import type { RowData } from '@tanstack/react-table';
import type { ReactNode } from 'react';
import type { Failure } from '../api/failure.js';
import { ActionButton } from '../ui/ActionButton.js';
import { DataTable, type TableProps } from '../ui/DataTable.js';
import { EmptyState } from '../ui/EmptyState.js';
import type { May } from '../util/may.js';
import { Banner } from './Banner.js';

interface Props<Row> extends Omit<TableProps<Row>, 'empty'> {
  readonly title: string;
  /** What makes one more of what is listed. */
  readonly create?: { readonly label: string; readonly may: May; readonly run: () => void };
  /** Why not all could be loaded. */
  readonly failure: Failure | undefined;
  readonly filters?: ReactNode;
  /** Where there is nothing at all: what would be here, and how to make the first. */
  readonly none: { readonly title: string; readonly text: string; readonly cli: string };
  /** Where there is something, but nothing that the filters let through. */
  readonly noMatch?: string;
  /** Whether filters may be why there is no row. */
  readonly isFiltered: boolean;
  /** Dialogs, and what stands under the table. */
  readonly children?: ReactNode;
}

/** A screen that lists all of one kind: its title and what makes one more, filters, and the table or why it is empty. */
export function ListPage<Row extends RowData>(props: Props<Row>) {
  const { title, create, failure, filters, none, noMatch, isFiltered, children, ...table } = props;
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1}>{title}</Title>
        {create !== undefined && (
          <ActionButton may={create.may} onClick={create.run}>
            {create.label}
          </ActionButton>
        )}
      </Group>
      <Banner problems={failure === undefined ? [] : [failure]} />
      {filters}
      <DataTable
        {...table}
        empty={
          isFiltered && noMatch !== undefined ? (
            <EmptyState title={noMatch} />
          ) : (
            <EmptyState title={none.title} cli={none.cli}>
              {none.text}
            </EmptyState>
          )
        }
      />
      {children}
    </Stack>
  );
}
