import type { ReactNode } from 'react';
import classes from './KeyValue.module.css';

/** Names and values, in a column of each. */
export function KeyValue({ items }: { readonly items: Readonly<Record<string, ReactNode>> }) {
  return (
    <dl className={classes['list']}>
      {Object.entries(items).map(([name, value]) => (
        <div key={name} className={classes['item']}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
