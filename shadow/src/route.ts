/** Templates of paths: literal segments, and `:name` for any one. */
export type RouteTemplate = readonly string[];

const LENGTH_LIMIT = 64;
const SEGMENT_LIMIT = 12;
/** A word as routes are made of: letters, with digits only behind them, as in `v1`. */
const WORD = /^[A-Za-z][A-Za-z_-]{0,31}\d{0,3}$/;
const HEX = /^[0-9a-f]{8,}$/i;

/** Reads a template, `/orders/:id`; undefined for what is none. */
export function parseTemplate(text: string): RouteTemplate | undefined {
  return /^\/[\w\-.~/:]*$/.test(text) ? segmentsOf(text) : undefined;
}

/**
 * The stratum of a request: its method and route, as a name of at most 64 letters, digits and `_.:-`. `GET /orders/17`
 * is `GET:orders.:id`. With templates the route is the first that fits, or `other`; without, it is guessed: segments
 * that do not look like a word of a route are `:id`.
 */
export function stratumOf(method: string, path: string, templates: readonly RouteTemplate[] = []): string {
  const segments = segmentsOf(path.split('?', 1)[0] ?? '');
  const route =
    templates.length === 0 ? segments.map(guess) : (templates.find((each) => fits(each, segments)) ?? OTHER);
  const name = route.slice(0, SEGMENT_LIMIT).join('.');
  return `${method}:${name === '' ? '.' : name}`.replace(/[^A-Za-z0-9_.:-]/g, '_').slice(0, LENGTH_LIMIT);
}

const OTHER: RouteTemplate = ['other'];

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function guess(segment: string): string {
  return WORD.test(segment) && !HEX.test(segment) ? segment : ':id';
}

function fits(template: RouteTemplate, segments: readonly string[]): boolean {
  if (template.length !== segments.length) return false;
  return template.every((part, at) => part.startsWith(':') || part === segments[at]);
}
