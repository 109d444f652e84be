/** Field lines as Node tells and takes them: name, value, name, value, as they were sent. */
export type FieldLines = readonly string[];

/** RFC 9110, 7.6.1, besides whatever the message's own Connection field names. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);
/** What no Connection field may take away: the message's end, and where it is for. */
const KEPT: ReadonlySet<string> = new Set(['content-length', 'host']);

/** The lines of a message that are meant for its last recipient; those that are for the next hop alone are left out. */
export function endToEnd(lines: FieldLines): string[] {
  const named = namedByConnection(lines);
  const kept: string[] = [];
  eachField(lines, (name, value, line) => {
    if (HOP_BY_HOP.has(name) || (named.has(name) && !KEPT.has(name))) return;
    kept.push(line, value);
  });
  return kept;
}

/** Whether a list-valued field names a token, `TE` `trailers` say, without regard to case. */
export function namesToken(lines: FieldLines, field: string, token: string): boolean {
  let isNamed = false;
  eachField(lines, (name, value) => {
    if (name === field) isNamed ||= tokensOf(value).includes(token);
  });
  return isNamed;
}

/** Hands over each line: its name in small letters, its value, and its name as it was sent. */
export function eachField(lines: FieldLines, take: (name: string, value: string, line: string) => void): void {
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const line = lines[i] ?? '';
    take(line.toLowerCase(), lines[i + 1] ?? '', line);
  }
}

/** The lines without those of a field. */
export function withoutField(lines: FieldLines, field: string): string[] {
  const kept: string[] = [];
  eachField(lines, (name, value, line) => {
    if (name !== field) kept.push(line, value);
  });
  return kept;
}

/** Whether there is a line of a field. */
export function hasField(lines: FieldLines, field: string): boolean {
  for (let i = 0; i < lines.length; i += 2) if (lines[i]?.toLowerCase() === field) return true;
  return false;
}

const NOTHING: ReadonlySet<string> = new Set();

function namedByConnection(lines: FieldLines): ReadonlySet<string> {
  let named: Set<string> | undefined;
  eachField(lines, (name, value) => {
    if (name !== 'connection') return;
    named ??= new Set();
    for (const token of tokensOf(value)) named.add(token);
  });
  return named ?? NOTHING;
}

/** Without what follows a token as a parameter. */
function tokensOf(list: string): readonly string[] {
  return list.split(',').map((item) => (item.split(';')[0] ?? '').trim().toLowerCase());
}
