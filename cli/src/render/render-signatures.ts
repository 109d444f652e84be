import type { PlaceView, RedactedView, SampleView, SignatureHeadView, SignatureView } from '../parallel-run-view.js';
import { formatCount, formatDuration, formatPart, oneLine } from './format.js';
import type { Palette } from './palette.js';

/** What a list of signatures depends on besides them. */
export interface SignatureScene {
  readonly now: Date;
  readonly palette: Palette;
  /** Of each signature. */
  readonly samples: number;
}

/** Mismatches by what they have in common: where, what, how often, since when, of which inputs, and samples of them. */
export function renderSignatures(signatures: readonly SignatureView[], scene: SignatureScene): readonly string[] {
  const width = String(signatures.length).length;
  const indent = ' '.repeat(width + 4);
  return signatures.flatMap((signature, index) => {
    const [head = '', ...more] = signature.places.map(placeWords);
    const { faint, strong } = scene.palette;
    return [
      `  ${String(index + 1).padStart(width)}. ${strong(head)}  ${faint(signature.id)}`,
      ...more.map((place) => `${indent}${strong(place)}`),
      ...(signature.isCut ? [`${indent}${faint('and more places')}`] : []),
      `${indent}${countWords(signature, scene.now)}`,
      ...deltaLines(signature).map((line) => `${indent}${line}`),
      ...signature.samples.slice(0, scene.samples).flatMap((sample) => sampleLines(sample, indent, scene.palette)),
    ];
  });
}

/** `$.items[*].price  value: rounding`. */
export function placeWords({ path, kind, transition }: PlaceView): string {
  return oneLine(`${path}  ${kind}: ${transition}`);
}

/** `50 unequal, 12.35 more than noise explains, which showed it 1 ×`. */
function excessWords({ n, twins, excess }: SignatureHeadView): string {
  const noise =
    twins === 0 ? 'no noise seen' : `${figure(excess)} more than noise explains, which showed it ${twins} ×`;
  return `${formatCount(n)} unequal, ${noise}`;
}

function countWords(signature: SignatureView, now: Date): string {
  const { firstVersion, lastAt, strata } = signature;
  const ago = formatDuration(now.getTime() - new Date(lastAt).getTime());
  const since = firstVersion === '' ? [] : [`first seen in ${firstVersion}`];
  const inputs = strata.map(({ stratum, n }) => `${stratum || '(no stratum)'} ${formatCount(n)}`).join(', ');
  const parts = [excessWords(signature), ...since, `last ${ago} ago`, ...(inputs === '' ? [] : [inputs])];
  return oneLine(parts.join(' · '));
}

function deltaLines({ maxDelta }: SignatureView): readonly string[] {
  if (maxDelta === null) return [];
  const { absolute, relative, ulps } = maxDelta;
  return [`numbers are apart by at most ${figure(absolute)} (${formatPart(relative)}, ${formatCount(ulps)} ulps)`];
}

function sampleLines({ at, stratum, traceId, values }: SampleView, indent: string, palette: Palette): string[] {
  const head = [at, ...(stratum === '' ? [] : [stratum]), ...(traceId === '' ? [] : [`trace ${traceId}`])].join('  ');
  return [
    `${indent}${palette.faint(oneLine(head))}`,
    ...values.map(({ path, control, candidate }) => {
      const values = `${redactedWords(control)} → ${redactedWords(candidate)}`;
      return `${indent}  ${oneLine(`${path}  ${values}`)}`;
    }),
  ];
}

/** Digests tell equal from unequal, and nothing else. */
function redactedWords(value: RedactedView): string {
  if ('digest' in value) return `#${value.digest}`;
  return 'raw' in value ? value.raw : '(absent)';
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
