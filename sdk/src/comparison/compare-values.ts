import { compareLists } from './compare-lists.js';
import { compareRecords, compareMaps, compareSets } from './compare-records.js';
import { type CompiledRules, type RuleState } from './compile-rules.js';
import type { Difference, DifferenceKind } from './difference.js';
import { Findings } from './findings.js';
import { saidOf } from './instance.js';
import { DEFAULT_LIMITS, type ComparisonLimits } from './limits.js';
import { deltaOf, isWithin } from './numeric-delta.js';
import { bytesOf, classNameOf, isPlain, kindOf, leafOf, markerOf, partsOfError } from './object-kind.js';
import { type Step } from './path.js';
import { foldCase, instantOf, sizeTransition, transitionOf } from './transition.js';
import { valueClass } from './value-class.js';

/** What tells two values apart. */
export interface Comparison {
  /** Differences that count: none, and nothing cut, is a match. */
  readonly kept: readonly Difference[];
  /** Differences that rules cover. */
  readonly waived: readonly Difference[];
  /** A limit ended the comparison: there may be more differences, and without any it says nothing. */
  readonly isCut: boolean;
}

/**
 * Compares two results by structure, best two snapshots: of other values, throws what their getters throw. NaN equals
 * NaN, −0 equals 0, a boxed value equals its content, a hole in a list equals undefined, a buffer equals any other of
 * the same bytes; objects of different classes differ, and so do an undefined member and none. Instances are compared by
 * what they say of themselves as well; a function is equal to itself alone; cycles are equal when no path through them
 * tells them apart.
 */
export function compareValues(
  control: unknown,
  candidate: unknown,
  rules: CompiledRules,
  limits: ComparisonLimits = DEFAULT_LIMITS,
): Comparison {
  const walk = new Walk(limits);
  walk.compare(control, candidate, rules.root);
  const { kept, waived, isCut } = walk.findings;
  return { kept, waived, isCut };
}

/** One comparison under way. Steps and ancestors are stacks that are written over, so that equal values cost no memory. */
export class Walk {
  readonly findings: Findings;
  readonly steps: Step[] = [];
  /** How many objects it is in; the last of them is reached by the first depth − 1 steps. */
  depth = 0;
  private readonly controls: object[] = [];
  private readonly candidates: object[] = [];
  private nodes = 0;

  constructor(private readonly limits: ComparisonLimits) {
    this.findings = new Findings(limits.differences);
  }

  compare(control: unknown, candidate: unknown, state: RuleState): void {
    this.charge(1);
    if (control === candidate || this.findings.isOver) return;
    if (typeof control === 'object' && typeof candidate === 'object' && control !== null && candidate !== null) {
      this.compareObjects(control, candidate, state);
    } else {
      this.compareLeaves(leafOf(control), leafOf(candidate), state);
    }
  }

  /** Counts what is looked at, and ends the comparison when it is too much. */
  readonly charge = (nodes: number): void => {
    this.nodes += nodes;
    if (this.nodes > this.limits.nodes) this.findings.cut();
  };

  /** Tells a difference of the member that the last step leads to. */
  tellMember(kind: DifferenceKind, transition: string, control: unknown, candidate: unknown, isWaived: boolean): void {
    const place = { steps: this.steps, length: this.depth, kind, transition };
    this.findings.add(place, { control, candidate }, isWaived);
  }

  /** Tells a difference of the objects that it is in. */
  tellWhole(kind: DifferenceKind, transition: string, control: unknown, candidate: unknown, isWaived: boolean): void {
    const place = { steps: this.steps, length: this.depth - 1, kind, transition };
    this.findings.add(place, { control, candidate }, isWaived);
  }

  /** Tells that the candidate lacks the member that the last step leads to. */
  tellMissing(control: unknown, state: RuleState): void {
    this.tellMember('missing', `${valueClass(control)}→absent`, control, undefined, state.isIgnored);
  }

  /** Tells that the candidate alone has the member that the last step leads to. */
  tellExtra(candidate: unknown, state: RuleState): void {
    this.tellMember('extra', `absent→${valueClass(candidate)}`, undefined, candidate, state.isIgnored);
  }

  private compareLeaves(control: unknown, candidate: unknown, state: RuleState): void {
    if (control === candidate || (Number.isNaN(control) && Number.isNaN(candidate))) return;
    if (typeof control === 'object' && typeof candidate === 'object' && control !== null && candidate !== null) {
      this.compareObjects(control, candidate, state); // markers, on one side or both
      return;
    }
    const kind = typeof control === typeof candidate && control !== null && candidate !== null ? 'value' : 'type';
    const place = {
      steps: this.steps,
      length: this.depth,
      kind,
      transition: transitionOf(control, candidate),
    } as const;
    const areNumbers = typeof control === 'number' && typeof candidate === 'number';
    const delta = areNumbers ? deltaOf(control, candidate) : undefined;
    this.findings.add(place, { control, candidate, delta }, isWaived(control, candidate, state));
  }

  private compareObjects(control: object, candidate: object, state: RuleState): void {
    if (this.isUnderWay(control, candidate)) return;
    if (this.depth >= this.limits.depth) {
      this.findings.isCut = true;
      return;
    }
    this.controls[this.depth] = control;
    this.candidates[this.depth] = candidate;
    this.depth += 1;
    this.compareContents(control, candidate, state);
    this.depth -= 1;
  }

  /** The same two objects are being compared further up: a cycle, which has no difference of its own. */
  private isUnderWay(control: object, candidate: object): boolean {
    for (let at = this.depth - 1; at >= 0; at -= 1) {
      if (this.controls[at] === control && this.candidates[at] === candidate) return true;
    }
    return false;
  }

  private compareContents(control: object, candidate: object, state: RuleState): void {
    const kind = kindOf(control);
    if (kind !== kindOf(candidate)) {
      this.compareUnlike(control, candidate, state);
      return;
    }
    switch (kind) {
      case 'array':
      case 'numbers':
        compareLists(this, control as ArrayLike<unknown>, candidate as ArrayLike<unknown>, state); // as the kind says
        break;
      case 'object':
        this.compareClasses(control, candidate, state);
        this.compareSaid(control, candidate, state);
        compareRecords(this, control, candidate, state);
        break;
      case 'error':
        this.compareClasses(control, candidate, state);
        compareRecords(this, partsOfError(control), partsOfError(candidate), state);
        break;
      case 'date':
        this.compareInstants(control, candidate, state);
        break;
      case 'map':
        compareMaps(this, control as ReadonlyMap<unknown, unknown>, candidate as ReadonlyMap<unknown, unknown>, state);
        break;
      case 'set':
        compareSets(this, control as ReadonlySet<unknown>, candidate as ReadonlySet<unknown>, state);
        break;
      case 'bytes':
        this.compareBytes(bytesOf(control), bytesOf(candidate), state);
        break;
      case 'text':
        this.compareMarkers(control, candidate, state);
        break;
      case 'boxed':
        this.compareBoxed(control, candidate, state);
        break;
      case 'opaque':
        this.findings.isCut = true; // nothing can be said of them
        break;
    }
  }

  /** Of two kinds, unless one is a box. */
  private compareUnlike(control: object, candidate: object, state: RuleState): void {
    const [one, other] = [leafOf(control), leafOf(candidate)];
    if (one !== control || other !== candidate) {
      this.compareBoxed(control, candidate, state);
    } else {
      this.tellWhole('type', transitionOf(control, candidate), control, candidate, state.isIgnored);
    }
  }

  /** The step up and down again: what is in the boxes stands where they do. */
  private compareBoxed(control: object, candidate: object, state: RuleState): void {
    this.depth -= 1;
    this.compareLeaves(leafOf(control), leafOf(candidate), state);
    this.depth += 1;
  }

  private compareClasses(control: object, candidate: object, state: RuleState): void {
    if (Object.getPrototypeOf(control) === Object.getPrototypeOf(candidate)) return;
    if (classNameOf(control) !== classNameOf(candidate)) {
      this.tellWhole('type', 'class', control, candidate, state.isIgnored);
    }
  }

  /** What instances say of themselves stands where they do. */
  private compareSaid(control: object, candidate: object, state: RuleState): void {
    if (isPlain(control) && isPlain(candidate)) return;
    const said = isPlain(control) ? undefined : saidOf(control);
    const other = isPlain(candidate) ? undefined : saidOf(candidate);
    if (said === undefined && other === undefined) return;
    this.depth -= 1;
    this.compare(said, other, state);
    this.controls[this.depth] = control;
    this.candidates[this.depth] = candidate;
    this.depth += 1;
  }

  private compareInstants(control: object, candidate: object, state: RuleState): void {
    if (Object.is(instantOf(control), instantOf(candidate))) return;
    const waived = isWaived(control, candidate, state);
    this.tellWhole('value', transitionOf(control, candidate), control, candidate, waived);
  }

  private compareBytes(control: Uint8Array, candidate: Uint8Array, state: RuleState): void {
    this.charge(control.length / 64);
    if (control.length !== candidate.length) {
      const transition = sizeTransition(control.length, candidate.length);
      this.tellWhole('size', transition, control.length, candidate.length, state.isIgnored);
    } else if (control.some((byte, at) => byte !== candidate[at])) {
      this.tellWhole('value', 'bytes→bytes', control, candidate, state.isIgnored);
    }
  }

  private compareMarkers(control: object, candidate: object, state: RuleState): void {
    const [one, other] = [markerOf(control), markerOf(candidate)];
    if (one.type === other.type && one.text === other.text) return;
    const kind = one.type === other.type ? 'value' : 'type';
    this.tellWhole(kind, transitionOf(one, other), one.text, other.text, state.isIgnored);
  }
}

/** Whether a rule covers what tells two leaves apart. */
function isWaived(control: unknown, candidate: unknown, state: RuleState): boolean {
  if (state.isFree) return false;
  if (state.isIgnored) return true;
  if (!Number.isNaN(state.dateWithinMs)) {
    if (Math.abs(instantOf(control) - instantOf(candidate)) <= state.dateWithinMs) return true; // NaN: no instants
  }
  if (typeof control === 'string' && typeof candidate === 'string') {
    return state.isCaseInsensitive && foldCase(control) === foldCase(candidate);
  }
  const delta = numericDelta(control, candidate);
  return delta !== undefined && state.tolerances.some((bounds) => isWithin(delta, bounds));
}

function numericDelta(control: unknown, candidate: unknown): ReturnType<typeof deltaOf> {
  if (typeof control === 'bigint' && typeof candidate === 'bigint') return deltaOf(Number(control), Number(candidate));
  return typeof control === 'number' && typeof candidate === 'number' ? deltaOf(control, candidate) : undefined;
}
