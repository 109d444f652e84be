import { useForm } from '@mantine/form';
import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { type FormEvent, useRef, useState } from 'react';
import { type Outcome, useCommand } from '../api/use-command.js';
import { useTold } from '../ui/use-told.js';
import { hasPath, placeProblems, type Problem } from '../util/field-errors.js';

/** What is stored now, read when somebody else's change stood in the way. */
export interface Theirs<Values> {
  readonly version: number;
  readonly values: Values;
}

export interface CommandFormOptions<Values, Data, Variables extends AnyVariables> {
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly initialValues: Values;
  /** `version` is the one that the values were edited from; 0 where the form has none. */
  readonly toVariables: (values: Values, version: number) => Variables;
  /** Of what is edited; left out for what is made anew. */
  readonly version?: number;
  /** Pointers of the input to fields of the form, where their names differ. */
  readonly places?: Readonly<Record<string, string>>;
  /** Reads what is stored now, for the conflict dialog; without it a conflict is a sentence over the form. */
  readonly readTheirs?: () => Promise<Theirs<Values>>;
  /** How values stand in the conflict dialog, where their text is a document of its own; as they are unless said. */
  readonly toShown?: (values: Values) => unknown;
  readonly onDone: (node: NodeOfOutcome<Data>) => void;
}

type NodeOfOutcome<Data> =
  ReturnType<ReturnType<typeof useCommand<Data, AnyVariables>>['run']> extends Promise<Outcome<infer Node>>
    ? Node
    : never;

const STALE = 'VERSION_STALE';

/**
 * A form that gives one command. What was typed stays until the command is done, whatever happens; problems stand at the
 * fields that they name, the rest over the form; a change that somebody made meanwhile is shown before it is written
 * over.
 */
export function useCommandForm<Values extends object, Data, Variables extends AnyVariables>(
  options: CommandFormOptions<Values, Data, Variables>,
) {
  const { document, initialValues, toVariables, places, readTheirs, toShown = (values) => values, onDone } = options;
  const form = useForm<Values>({ initialValues });
  const tell = useTold();
  const { run, isRunning } = useCommand(document);
  const [rest, setRest] = useState<readonly Pick<Problem, 'code' | 'message'>[]>([]);
  const [theirs, setTheirs] = useState<Theirs<Values>>();
  const [refusals, setRefusals] = useState<readonly Problem[]>([]);
  const [sent, setSent] = useState<Values>();
  const version = useRef(options.version ?? 0);

  const give = async (): Promise<void> => {
    form.clearErrors();
    setRest([]);
    setRefusals([]);
    const values = form.getValues();
    setSent(values);
    const outcome = await run(toVariables(values, version.current));
    switch (outcome.kind) {
      case 'done':
        setTheirs(undefined);
        onDone(outcome.node);
        return;
      case 'failed':
        setRest([outcome.failure]);
        return;
      case 'refused':
        await show(outcome.problems);
    }
  };

  const show = async (problems: readonly Problem[]): Promise<void> => {
    if (readTheirs !== undefined && problems.some(({ code }) => code === STALE)) {
      const read = await readTheirs().catch((error: unknown) => error);
      if (read instanceof Error) setRest([{ code: STALE, message: read.message }]);
      else setTheirs(read as Theirs<Values>); // what it answers where it does not throw
      return;
    }
    setTheirs(undefined);
    const told = problems.map((problem) => ({ ...problem, message: tell(problem.message) }));
    const placed = placeProblems(told, (path) => hasPath(form.getValues(), path), places);
    form.setErrors({ ...placed.fields });
    setRest(placed.rest);
    setRefusals(problems);
  };

  return {
    form,
    isRunning,
    /** What stands over the form. */
    problems: rest,
    /** All that was refused, with where: for a field that is a document of its own. */
    refusals,
    /** What was sent last. */
    sent,
    submit: (event?: FormEvent): void => {
      event?.preventDefault();
      if (!isRunning) void give();
    },
    conflict: theirs && {
      mine: toShown(form.getValues()),
      theirs: toShown(theirs.values),
      /** Stores mine over what is stored now. */
      apply: (): void => {
        version.current = theirs.version;
        void give();
      },
      /** Takes what is stored now into the form. */
      takeTheirs: (): void => {
        version.current = theirs.version;
        form.setValues(theirs.values);
        setTheirs(undefined);
      },
      goOn: (): void => setTheirs(undefined),
    },
  };
}
