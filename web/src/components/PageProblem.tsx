import { Alert, Button, Code, Group, Stack } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { Failure, toFailure } from '../api/failure.js';
import { failures } from '../text/shell.js';
import { Icon } from '../ui/Icon.js';
import { Sentence } from '../ui/Sentence.js';
import { pb } from '../util/path-builder.js';
import { AppLink } from './AppLink.js';

/** Stands in the place of a page that cannot be shown, and says why in plain words. */
export function PageProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const failure = toFailure(error);
  const again = (): void => {
    reset();
    void router.invalidate();
  };
  return <Told failure={failure} onAgain={failure.kind === 'notFound' ? undefined : again} />;
}

/** For an address that no page has. */
export function NoPage() {
  return <Told failure={new Failure('notFound', 'NO_PAGE', failures.noPage)} onAgain={undefined} />;
}

function Told({ failure, onAgain }: { readonly failure: Failure; readonly onAgain: (() => void) | undefined }) {
  return (
    <Alert
      color={failure.kind === 'internal' ? 'red' : 'yellow'}
      icon={<Icon name="warning" />}
      title={failures.titles[failure.kind]}
      role="alert"
      maw={640}
    >
      <Stack gap="sm">
        <span>
          <Sentence>{failure.message}</Sentence>
        </span>
        {failure.requestId !== undefined && (
          <span>
            {failures.requestId} <Code>{failure.requestId}</Code>
          </span>
        )}
        <Group gap="sm">
          {onAgain !== undefined && <Button onClick={onAgain}>{failures.again}</Button>}
          <Button component={AppLink} to={pb.home()} variant="default">
            {failures.home}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
