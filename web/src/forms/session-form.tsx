import { useForm } from '@mantine/form';
import { Button, Stack } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type Failure, toFailure } from '../api/failure.js';
import { Banner } from '../components/Banner.js';
import { hasPath, placeProblems, type Problem } from '../util/field-errors.js';

interface Props<Values extends object> {
  readonly initialValues: Values;
  readonly submit: string;
  /** Throws a Failure. */
  readonly give: (values: Values) => Promise<void>;
  readonly onDone: () => void | Promise<void>;
  readonly children: (inputOf: ReturnType<typeof useForm<Values>>['getInputProps']) => ReactNode;
}

/** A form of the session, whose commands are of REST: cookies come that way. What was typed stays when it is refused. */
export function SessionForm<Values extends object>({ initialValues, submit, give, onDone, children }: Props<Values>) {
  const form = useForm<Values>({ initialValues });
  const [isRunning, setIsRunning] = useState(false);
  const [rest, setRest] = useState<readonly Pick<Problem, 'code' | 'message'>[]>([]);

  const refuse = (failure: Failure): void => {
    const placed = placeProblems(failure.problems, (path) => hasPath(form.getValues(), path));
    form.setErrors({ ...placed.fields });
    setRest(failure.problems.length === 0 ? [failure] : placed.rest);
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isRunning) return;
    form.clearErrors();
    setRest([]);
    setIsRunning(true);
    give(form.getValues())
      .then(onDone)
      .catch((error: unknown) => refuse(toFailure(error)))
      .finally(() => setIsRunning(false));
  };
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="sm">
        <Banner problems={rest} />
        {children(form.getInputProps)}
        <Button type="submit" size="sm" loading={isRunning}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}
