import { Alert, List } from '@mantine/core';
import type { Problem } from '../util/field-errors.js';
import { Sentence } from '../ui/Sentence.js';

/** What stood in the way, over the form or the list that it concerns; nothing where nothing did. */
export function Banner({ problems }: { readonly problems: readonly Pick<Problem, 'code' | 'message'>[] }) {
  const [first, ...more] = problems;
  if (first === undefined) return null;
  return (
    <Alert color="red" role="alert" py="xs">
      {more.length === 0 ? (
        <Sentence>{first.message}</Sentence>
      ) : (
        <List size="sm">
          {problems.map(({ code, message }) => (
            <List.Item key={`${code} ${message}`}>
              <Sentence>{message}</Sentence>
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
