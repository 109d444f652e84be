/** What a list showed, under a name: the words behind the question mark. */
export interface SavedView {
  readonly name: string;
  readonly search: Readonly<Record<string, string>>;
}

/** Views as they were kept; none where the text is no list of views. */
export function readViews(text: string | undefined): readonly SavedView[] {
  const parsed = text === undefined ? [] : parse(text);
  return Array.isArray(parsed) ? parsed.filter(isView) : [];
}

/** With a view more, in order of name; one of the same name gives way. */
export function withView(views: readonly SavedView[], view: SavedView): readonly SavedView[] {
  return [...withoutView(views, view.name), view].sort((a, b) => a.name.localeCompare(b.name));
}

export function withoutView(views: readonly SavedView[], name: string): readonly SavedView[] {
  return views.filter((view) => view.name !== name);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}

function isView(value: unknown): value is SavedView {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('search' in value)) return false;
  const { name, search } = value;
  if (typeof name !== 'string' || typeof search !== 'object' || search === null) return false;
  return Object.values(search).every((word) => typeof word === 'string');
}
