import { Anchor, Stack, Text } from '@mantine/core';
import { AppLink } from '../../components/AppLink.js';
import { releases as text } from '../../text/releases.js';
import { KeyValue } from '../../ui/KeyValue.js';
import { Moment } from '../../ui/Moment.js';
import { Panel } from '../../ui/Panel.js';
import { type InProject, pb } from '../../util/path-builder.js';
import type { Release } from './release-query.js';
import classes from './ReleasePage.module.css';

interface Props {
  readonly release: Release;
  readonly at: InProject;
}

/** Who asked for it, when, under which policy; what of it can be taken away to be checked elsewhere. */
export function AboutPanel({ release, at }: Props) {
  const { policyKey, policyVersion, scheduledAt, startedAt, finishedAt, verdictPath, description, contentHash } =
    release;
  const policy = text.policyOf(policyKey, policyVersion);
  return (
    <Panel title={text.facts}>
      <Stack gap={6} className={classes['facts'] ?? ''}>
        {description !== '' && <Text>{description}</Text>}
        <KeyValue
          items={{
            [text.by]: release.createdByName ?? text.nobody,
            [text.asked]: <Moment at={release.createdAt} />,
            ...(scheduledAt !== null && { [text.starts]: <Moment at={scheduledAt} /> }),
            ...(startedAt !== null && { [text.started]: <Moment at={startedAt} /> }),
            ...(finishedAt !== null && { [text.finished]: <Moment at={finishedAt} /> }),
            [text.columns.policy]:
              policyVersion === 0 ? policy : <AppLink to={pb.policy(at, policyKey)}>{policy}</AppLink>,
            [text.contentHash]: <code title={text.contentHint}>{contentHash.slice(0, 12)}</code>,
          }}
        />
        <Others release={release} at={at} />
        {verdictPath !== null && (
          <div>
            <Anchor href={verdictPath} download={`verdict-${release.id}.json`}>
              {text.verdictBundle}
            </Anchor>
            <Text size="xs" c="dimmed">
              {text.verdictHint}
            </Text>
          </div>
        )}
      </Stack>
    </Panel>
  );
}

/** Releases without which this one is not understood. */
function Others({ release: { supersededBy, confoundedBy }, at }: Props) {
  return (
    <>
      {supersededBy !== null && (
        <Text>
          {text.superseded}{' '}
          <AppLink to={pb.release(at, supersededBy)} className={classes['inText']}>
            {text.otherRelease}
          </AppLink>
        </Text>
      )}
      {confoundedBy.length > 0 && (
        <Text>
          {text.confounded(confoundedBy.length)}{' '}
          {confoundedBy.map((id) => (
            <AppLink key={id} to={pb.release(at, id)} className={classes['inText']}>
              {text.otherRelease}{' '}
            </AppLink>
          ))}
        </Text>
      )}
    </>
  );
}
