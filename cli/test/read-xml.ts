/** An element of XML as a test looks at it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const ATTRIBUTE = /\s+([\w:-]+)="([^"<]*)"/gu;

/** Reads a document of elements and attributes alone; throws for everything that is not well-formed XML 1.0. */
export function readXml(document: string): XmlElement {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.test(document)) {
    throw new Error('has characters that XML does not allow');
  }
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/u, '');
  const root = { name: '', attributes: {}, children: [] as XmlElement[] };
  const open = [root];
  for (const [text, tag] of body.matchAll(/<([^<>]*)>|[^<]+/gu)) {
    if (tag === undefined) {
      if (text.trim() !== '') throw new Error(`has text between elements: ${text}`);
      continue;
    }
    const parent = open.at(-1);
    if (parent === undefined) throw new Error('closes more than it opens');
    if (tag.startsWith('/')) {
      if (open.length === 1 || tag.slice(1) !== parent.name) throw new Error(`closes ${tag}, not ${parent.name}`);
      open.pop();
      continue;
    }
    const element = readTag(tag.replace(/\/$/u, ''));
    parent.children.push(element);
    if (!tag.endsWith('/')) open.push(element);
  }
  const [only, ...others] = root.children;
  if (open.length !== 1 || only === undefined || others.length > 0) throw new Error('is not one whole element');
  return only;
}

function readTag(tag: string): { name: string; attributes: Record<string, string>; children: XmlElement[] } {
  const name = /^[\w:-]+/u.exec(tag)?.[0] ?? '';
  const rest = tag.slice(name.length);
  if (name === '' || rest.replaceAll(ATTRIBUTE, '').trim() !== '') throw new Error(`is no element: <${tag}>`);
  const attributes = [...rest.matchAll(ATTRIBUTE)].map(([, key = '', value = '']) => [key, unescape(value)] as const);
  return { name, attributes: Object.fromEntries(attributes), children: [] };
}

function unescape(value: string): string {
  return value.replaceAll(/&([^;]*);|&/gu, (found, name: string | undefined) => {
    const code = /^#(\d+)$/u.exec(name ?? '')?.[1];
    const text = code === undefined ? ENTITIES[name ?? ''] : String.fromCodePoint(Number(code));
    if (text === undefined) throw new Error(`has no such entity: ${found}`);
    return text;
  });
}
