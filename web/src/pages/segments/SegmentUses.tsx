import { AppLink } from '../../components/AppLink.js';
import { Part } from '../../components/drafts/Parts.js';
import { segments } from '../../text/segments.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { readUse } from '../../util/used-by.js';
import classes from './SegmentPage.module.css';

const text = segments.page;

/** What names the segment, with the way there. */
export function SegmentUses({ at, uses }: { readonly at: InProject; readonly uses: readonly string[] }) {
  return (
    <Part title={text.usedBy} text={uses.length === 0 ? text.unused : ''}>
      {uses.length > 0 && (
        <ul className={classes['uses']}>
          {uses.map((use) => (
            <li key={use}>
              <UseLink at={at} use={use} />
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function UseLink({ at, use }: { readonly at: InProject; readonly use: string }) {
  const { kind, key, environment } = readUse(use);
  const there = environment === undefined ? at : { ...at, environment };
  switch (kind) {
    case 'flag':
      return (
        <>
          <AppLink to={pb.flag(there, key)}>{key}</AppLink>
          {environment !== undefined && ` ${text.inEnvironment(environment)}`}
        </>
      );
    case 'segment':
      return <AppLink to={pb.segment(at, key)}>{key}</AppLink>;
    case 'release':
      return <AppLink to={pb.release(there, key)}>{use}</AppLink>;
    default:
      return <>{use}</>;
  }
}
