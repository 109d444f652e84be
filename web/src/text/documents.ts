/** Words of documents of the API that are written as text. */
export const documents = {
  takes: 'JSON or YAML. It is stored as JSON: comments are left out.',
  refused: 'The document is refused; see below.',
  problems: (label: string): string => `What is wrong with the ${label.toLowerCase()}`,
  place: (line: number, column: number): string => `Line ${line}, column ${column}:`,
  empty: (label: string): string => `${label} is empty.`,
  unread: (label: string, place: string, message: string): string => `${label} cannot be read. ${place} ${message}`,
};
