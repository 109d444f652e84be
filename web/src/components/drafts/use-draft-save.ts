import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useMemo, useState } from 'react';
import { toFailure } from '../../api/failure.js';
import { useCommand } from '../../api/use-command.js';
import { placeComplaints } from '../../util/draft.js';
import type { Problem } from '../../util/field-errors.js';
import type { DraftOf, Versioned } from './use-draft.js';

interface Options<T extends object, Node, Data, Variables extends AnyVariables> {
  readonly draft: DraftOf<T>;
  readonly document: TypedDocumentNode<Data, Variables>;
  /** The fields that changed, and the version that they were changed from. */
  readonly toVariables: (changes: Partial<T>, version: number) => Variables;
  readonly readNode: (node: Node) => Versioned<T>;
  /** Reads what is stored now, where somebody else's change stood in the way. */
  readonly readTheirs: () => Promise<Versioned<T>>;
  readonly onDone: () => void;
}

interface Refusal {
  readonly sent: object;
  readonly problems: readonly Problem[];
}

type Said = Pick<Problem, 'code' | 'message'>;

const STALE = 'VERSION_STALE';

/** Stores a draft by one command: complaints come to where they are of, and a change of somebody else is shown first. */
export function useDraftSave<T extends object, Node, Data, Variables extends AnyVariables>(
  options: Options<T, Node, Data, Variables>,
) {
  const { draft, document, toVariables, readNode, readTheirs, onDone } = options;
  const { run, isRunning } = useCommand(document);
  const [refusal, setRefusal] = useState<Refusal>();
  const [failures, setFailures] = useState<readonly Said[]>([]);
  const [theirs, setTheirs] = useState<Versioned<T>>();

  const give = async (version: number): Promise<void> => {
    const { changes } = draft;
    if (changes === undefined || isRunning) return;
    setFailures([]);
    setRefusal(undefined);
    const outcome = await run(toVariables(changes, version));
    switch (outcome.kind) {
      case 'done':
        setTheirs(undefined);
        draft.land(readNode(outcome.node)); // what the one field of the document answers
        onDone();
        return;
      case 'failed':
        setFailures([outcome.failure]);
        return;
      case 'refused':
        if (outcome.problems.some(({ code }) => code === STALE)) await compare();
        else {
          setTheirs(undefined);
          setRefusal({ sent: changes, problems: outcome.problems });
        }
    }
  };
  const compare = async (): Promise<void> => {
    try {
      setTheirs(await readTheirs());
    } catch (error) {
      setFailures([toFailure(error)]);
    }
  };

  const placed = useMemo(() => placeComplaints(refusal?.sent ?? {}, refusal?.problems ?? []), [refusal]);
  const mine = theirs && { ...theirs.content, ...draft.changes };
  return {
    isRunning,
    save: (): void => void give(draft.version),
    /** Shows what somebody else stored beside the draft. */
    compare: (): void => void compare(),
    complaints: placed.at,
    /** What stands over the form. */
    problems: [...failures, ...placed.rest.map((message) => ({ code: 'REFUSED', message }))],
    conflict: theirs && {
      mine,
      theirs: theirs.content,
      /** Stores the fields that were edited over what is stored now; others stay as somebody else left them. */
      apply: (): void => void give(theirs.version),
      takeTheirs: (): void => {
        draft.land(theirs);
        setTheirs(undefined);
      },
      goOn: (): void => setTheirs(undefined),
    },
  };
}
