import { Group, Text } from '@mantine/core';
import { services as text } from '../../text/services.js';
import { Moment } from '../../ui/Moment.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { shortDigest } from '../../util/digest.js';
import { formatShare } from '../../util/share.js';

interface Arm {
  readonly version: string;
  readonly digest: string;
  readonly share: number;
}

interface Props {
  readonly standing: {
    readonly stable: Arm | null;
    readonly candidate: Arm | null;
    readonly changedAt: string | null;
    readonly drift: readonly string[];
  };
}

/** What callers get of a service in an environment, since when, and whether anything disagrees, in a line. */
export function StandingCell({ standing }: Props) {
  const { stable, changedAt, drift } = standing;
  return (
    <Group gap={8} wrap="nowrap">
      {stable === null ? (
        <Text span c="dimmed" inherit>
          {text.nothing}
        </Text>
      ) : (
        <>
          <strong>{splitWords(standing)}</strong>
          <Text span c="dimmed" size="xs" ff="monospace" title={stable.digest}>
            {shortDigest(stable.digest)}
          </Text>
          <Text span c="dimmed" size="xs">
            <Moment at={changedAt} />
          </Text>
        </>
      )}
      {drift.length > 0 && (
        <span title={drift.join('\n')}>
          <StatusBadge tone="warning">{text.drifts(drift.length)}</StatusBadge>
        </span>
      )}
    </Group>
  );
}

/** Who gets what: one version, or two with their shares. */
export function splitWords({ stable, candidate }: Pick<Props['standing'], 'stable' | 'candidate'>): string {
  if (stable === null) return text.noCallers;
  if (candidate === null) return stable.version;
  return text.split(stable.version, formatShare(stable.share), candidate.version, formatShare(candidate.share));
}
