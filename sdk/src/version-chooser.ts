import type { SnapshotStore } from './delivery/snapshot-store.js';
import type { EvaluationContext } from './evaluation/context.js';
import { chooseVersion, routedChoice, type VersionChoice } from './evaluation/index.js';
import type { UnitRecord } from './telemetry/unit.js';

const NO_SNAPSHOT = noVersion('No snapshot has arrived yet.');

/** Chooses versions of services by the snapshot being served, and notes them in the unit that they are chosen for. */
export class VersionChooser {
  constructor(private readonly store: SnapshotStore) {}

  /** `among`: the versions that can be reached; none given, all can. What the unit's chain has chosen before goes first. */
  choose(
    unit: UnitRecord | undefined,
    serviceKey: string,
    context: EvaluationContext,
    among?: readonly string[],
  ): VersionChoice {
    const { services, exposures } = this.store;
    if (services === undefined) return NO_SNAPSHOT;
    const route = unit?.routes?.get(serviceKey);
    const routed = route === undefined ? undefined : routedChoice(services, serviceKey, route);
    const choice = routed ?? chooseVersion(services, serviceKey, context);
    if (choice.version === undefined) return choice;
    if (among !== undefined && !among.includes(choice.version)) return unreachable(choice.version);
    if (unit !== undefined) {
      unit.noteVersion(serviceKey, choice.version);
      const exposure = exposures.versions.get(choice);
      if (exposure !== undefined) unit.expose(exposure);
    }
    return choice;
  }
}

function noVersion(errorMessage: string): VersionChoice {
  return Object.freeze({ version: undefined, arm: undefined, reason: 'ERROR', errorMessage });
}

function unreachable(version: string): VersionChoice {
  return noVersion(`Version '${version}' was chosen, and it is not among those that can be reached from here.`);
}
