import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type CompiledSnapshot, compileSnapshot, type Snapshot } from '@sluice/sdk/evaluation';
import type { Encoding } from './accept-encoding.js';
import { diffSnapshots } from './diff-snapshots.js';
import type { NamedConfiguration } from './ofrep-event.js';
import { formatPosition } from './position.js';
import { addStep, type RevisionStep, stepsSince } from './revision-steps.js';
import { bodyOf, fragmentSnapshot, type SnapshotFragments } from './snapshot-fragments.js';
import { EVENT_TAIL, eventHead, formatEvent } from '../platform/http/sse-frame.js';

/** Good text compression at a few milliseconds a megabyte; each revision is compressed once, off the main thread. */
const BROTLI_QUALITY = 5;
const GZIP_LEVEL = 6;

/**
 * One revision of an environment, made ready once for everybody: bytes, entity tag, evaluator, and the patches that
 * lead here. Never changed. A coding is made when the first client asks for it, and that client waits: whoever only
 * streams costs no compression.
 */
export class PreparedSnapshot implements NamedConfiguration {
  readonly etag: string;
  readonly position: string;
  readonly body: Buffer;
  readonly compiled: CompiledSnapshot;
  private readonly fragments: SnapshotFragments;
  private readonly steps: readonly RevisionStep<Buffer>[];
  private readonly encoded = new Map<Encoding, Buffer | Promise<Buffer>>();

  /** `since`: when this replica came to the revision. */
  constructor(
    snapshot: Snapshot,
    readonly since: Date,
    previous?: PreparedSnapshot,
  ) {
    this.fragments = fragmentSnapshot(snapshot, previous?.fragments);
    this.body = Buffer.from(bodyOf(this.fragments));
    const contentHash = hash('sha256', this.body, 'base64url');
    this.etag = `"${contentHash}"`;
    this.position = formatPosition(snapshot.revision, contentHash);
    this.compiled = compileSnapshot(this.fragments.snapshot, previous?.compiled);
    this.steps = this.stepsAfter(previous);
  }

  get revision(): number {
    return this.fragments.snapshot.revision;
  }

  /** Key of the project. */
  get project(): string {
    return this.fragments.snapshot.project;
  }

  /** Key of the environment. */
  get environment(): string {
    return this.fragments.snapshot.environment;
  }

  get flagSetId(): string {
    return `${this.project}/${this.environment}`;
  }

  /** Whoever comes later need not wait. */
  encode(encoding: Encoding): Buffer | Promise<Buffer> {
    const known = this.encoded.get(encoding);
    if (known !== undefined) return known;
    const made = encoding === 'br' ? toBrotli(this.body) : promisify(gzip)(this.body, { level: GZIP_LEVEL });
    this.encoded.set(encoding, made);
    void made.then((bytes) => this.encoded.set(encoding, bytes));
    return made;
  }

  /** What a client at a position lacks: nothing, the patches since, or everything. The bytes are shared. */
  framesSince(position: string | undefined): readonly Buffer[] {
    if (position === this.position) return [];
    return stepsSince(this.steps, position)?.map(({ frame }) => frame) ?? this.putFrames();
  }

  private putFrames(): readonly Buffer[] {
    return [Buffer.from(eventHead('put', this.position)), this.body, Buffer.from(EVENT_TAIL)];
  }

  /** No step leads to a revision that is not later: then the store was restored, and everybody needs the whole. */
  private stepsAfter(previous: PreparedSnapshot | undefined): readonly RevisionStep<Buffer>[] {
    if (previous === undefined || previous.revision >= this.revision) return [];
    const patch = JSON.stringify(diffSnapshots(previous.fragments, this.fragments));
    const frame = Buffer.from(formatEvent('patch', this.position, patch));
    return addStep(previous.steps, { from: previous.position, to: this.position, frame }, this.body.length);
  }
}

function toBrotli(body: Buffer): Promise<Buffer> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
  };
  return promisify(brotliCompress)(body, { params });
}
