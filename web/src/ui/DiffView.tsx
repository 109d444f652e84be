import { Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import classes from './DiffView.module.css';

const CodeDiff = lazy(async () => ({ default: (await import('./code/CodeDiff.js')).CodeDiff }));

interface Props {
  readonly before: unknown;
  readonly after: unknown;
  readonly labels: readonly [string, string];
}

/** Two documents side by side, with what differs marked. Text stands as it is, anything else as JSON. */
export function DiffView({ before, after, labels }: Props) {
  return (
    <div className={classes['diff']}>
      <div className={classes['labels']}>
        {labels.map((label) => (
          <span key={label}>{label}</span>
        ))}
      </div>
      <Suspense fallback={<Loader size="sm" />}>
        <CodeDiff before={toText(before)} after={toText(after)} labels={labels} />
      </Suspense>
    </div>
  );
}

function toText(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document ?? null, null, 2);
}
