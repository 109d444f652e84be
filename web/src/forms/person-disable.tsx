import { refreshTopics } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { people as text } from '../text/access.js';

const disablePerson = graphql(
  `
    mutation DisablePerson($input: PersonInput!) {
      disablePerson(input: $input) {
        node {
          id
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);
const enablePerson = graphql(
  `
    mutation EnablePerson($input: PersonInput!) {
      enablePerson(input: $input) {
        node {
          id
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

interface Props {
  readonly person: { readonly id: string; readonly name: string; readonly status: string };
  readonly onClose: () => void;
}

/** Keeps somebody out, or lets them in again. */
export function PersonDisable({ person, onClose }: Props) {
  const isDisabled = person.status === 'disabled';
  const words = isDisabled ? text.enable : text.disable;
  const shared = {
    title: words.title(person.name),
    verb: words.verb,
    isDangerous: !isDisabled,
    reason: 'none' as const,
    toVariables: () => ({ input: { id: person.id } }),
    onDone: () => {
      refreshTopics(new Set(['person']));
      onClose();
    },
    onClose,
    children: words.text,
  };
  if (isDisabled) return <ReasonDialog {...shared} document={enablePerson} />;
  return <ReasonDialog {...shared} document={disablePerson} />;
}
