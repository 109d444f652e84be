import { Text } from '@mantine/core';
import { createContext, type ReactNode, use } from 'react';
import { Sentence } from '../../ui/Sentence.js';

const ComplaintsContext = createContext<ReadonlyMap<object, readonly string[]>>(new Map());

/** Brings what the server had against a document to its parts. */
export function ComplaintsAbout(props: {
  readonly at: ReadonlyMap<object, readonly string[]>;
  readonly children: ReactNode;
}) {
  return <ComplaintsContext value={props.at}>{props.children}</ComplaintsContext>;
}

/** What is wrong with parts of a document, where they are edited. */
export function Complaints({ of }: { readonly of: readonly (object | null)[] }) {
  const at = use(ComplaintsContext);
  const messages = of.flatMap((part) => (part === null ? [] : (at.get(part) ?? [])));
  if (messages.length === 0) return null;
  return (
    <Text c="var(--mantine-color-error)" size="sm" role="alert">
      <Sentence>{messages.join(' ')}</Sentence>
    </Text>
  );
}
