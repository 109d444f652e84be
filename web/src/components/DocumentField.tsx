import { Alert, Code } from '@mantine/core';
import { documents as text } from '../text/documents.js';
import { DocumentEditor } from '../ui/DocumentEditor.js';
import { Sentence } from '../ui/Sentence.js';
import type { Problem } from '../util/field-errors.js';
import type { May } from '../util/may.js';
import type { ReadDocument } from '../util/read-document.js';

interface Props {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  /** What the value turned out to be. */
  readonly read: ReadDocument;
  readonly onChange: (value: string) => void;
  /** What was sent and refused. */
  readonly sent: string | undefined;
  /** What the server had against that; pointers begin at the document. */
  readonly problems: readonly Pick<Problem, 'message' | 'pointer'>[];
}

/** A document of the API that is written as JSON or YAML, and under it what is wrong with it, place by place. */
export function DocumentField({ label, hint, value, read, onChange, sent, problems: all }: Props) {
  // They are of what was sent, and their places in it: once it was changed nobody knows what is still true of them.
  const problems = value === sent ? all : [];
  return (
    <>
      <DocumentEditor
        label={label}
        description={`${hint} ${text.takes}`}
        value={value}
        onChange={onChange}
        error={problems.length > 0 ? text.refused : undefined}
      />
      {problems.length > 0 && (
        <Alert color="red" role="alert" py="xs" aria-label={text.problems(label)}>
          <ul>
            {problems.map(({ pointer, message }) => (
              <li key={`${pointer} ${message}`}>
                {placeWords(read.kind === 'value' ? read.placeOf(pointer ?? '') : undefined)}{' '}
                <Code>{pointer === null || pointer === '' ? '/' : pointer}</Code> <Sentence>{message}</Sentence>
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </>
  );
}

/** Whether a document can be sent as it is written; if not, why. */
export function mayRead(label: string, read: ReadDocument): May {
  switch (read.kind) {
    case 'value':
      return { isAllowed: true };
    case 'nothing':
      return { isAllowed: false, reason: text.empty(label) };
    case 'wrong':
      return { isAllowed: false, reason: text.unread(label, placeWords(read.place), read.message) };
  }
}

function placeWords(place: { readonly line: number; readonly column: number } | undefined): string {
  return place === undefined ? '' : text.place(place.line, place.column);
}
