import { fillTemplate, type MetricArguments, parseTemplate } from './argument-template.js';

/** What `encodeURIComponent` leaves that some servers read as more than text. */
const LEFT_OVER = /[!'()*]/gu;

/**
 * Says why a URL cannot be asked; undefined: it can. http and https only, no credentials (name a secret in a header
 * instead), no fragment, and no argument before the path: what a CI reports must not choose the host.
 */
export function complaintAboutUrl(text: string): string | undefined {
  const { complaint } = parseTemplate(text);
  if (complaint !== '') return complaint;
  const url = parseUrl(fillUrl(text, SAMPLE));
  const other = parseUrl(fillUrl(text, OTHER_SAMPLE));
  if (url === undefined || other === undefined) return 'must be a URL such as https://metrics.example.com/api';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must be an http:// or https:// URL';
  if (url.username !== '' || url.password !== '') return 'must not hold credentials; put them in a header, as a secret';
  if (url.origin !== other.origin || other.username !== '') return 'has an argument before its path';
  if (/[\p{Cc}\\]/u.test(text)) return 'has a control character or a backslash';
  return text.includes('#') ? 'has a fragment (#…); leave it out' : undefined;
}

/** Says why the address of a provider that has many resources cannot be used: see `complaintAboutUrl`. */
export function complaintAboutAddress(text: string): string | undefined {
  if (text.includes('{{')) return 'takes no arguments';
  if (text.includes('?')) return 'must have no query (?…): the provider’s own paths are put behind it';
  return complaintAboutUrl(text);
}

/** Fills a sound URL in; every value stays within its segment or parameter. */
export function fillUrl(text: string, values: MetricArguments): string {
  return fillTemplate(parseTemplate(text), values, encodeForUrl);
}

function encodeForUrl(value: string): string {
  const encoded = encodeURIComponent(value).replaceAll(LEFT_OVER, (char) => `%${char.charCodeAt(0).toString(16)}`);
  // As a segment these would climb the path, and URLs read %2e like a dot; encoded twice they are a name nobody has.
  return /^\.{1,2}$/u.test(encoded) ? encoded.replaceAll('.', '%252E') : encoded;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

const SAMPLE: MetricArguments = { service: 'a', version: 'a', environment: 'a', window: '1s' };
const OTHER_SAMPLE: MetricArguments = { service: 'b', version: 'b', environment: 'b', window: '2s' };
