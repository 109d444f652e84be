import type { Json } from '../kernel/json.js';
import type { EventRecord } from './event-record.js';

/** An event as others see it everywhere: CloudEvents 1.0.2 in JSON, with extensions that say where it belongs. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Json;
  /** Key of the project. */
  readonly sluiceproject: string;
  /** Key of the environment; absent for what concerns no one environment. */
  readonly sluiceenvironment?: string;
  /** A decimal number. Text, because an Integer of CloudEvents has 32 bits. */
  readonly sluicesequence: string;
}

/** Keys of what an event belongs to. */
export interface EventPlace {
  readonly project: string;
  readonly environment: string | undefined;
}

/** Puts an event into the words of CloudEvents. Its id and source together name it for good. */
export function toCloudEvent(event: EventRecord, { project, environment }: EventPlace): CloudEvent {
  const source = `/projects/${project}`;
  return {
    specversion: '1.0',
    id: event.id,
    source,
    type: event.type,
    subject: event.subject,
    time: event.at.toISOString(),
    datacontenttype: 'application/json',
    data: event.type.startsWith('dev.cdevents.') ? toCdEvent(event, source) : event.data,
    sluiceproject: project,
    ...(environment === undefined ? {} : { sluiceenvironment: environment }),
    sluicesequence: String(event.sequence),
  };
}

/**
 * Of the specification, and so not of the types: https://github.com/cdevents/spec/blob/v0.4.1/conformance/service_deployed.json.
 * From 0.5.0 on the field is `specversion`, and a subject has no `type`.
 */
const CDEVENTS_VERSION = '0.4.1';

/** A CDEvent, which CloudEvents carry as their data: its context, and the stored data as its subject's content. */
function toCdEvent(event: EventRecord, source: string): Json {
  const { id, type, at, subject, data } = event;
  return {
    context: { version: CDEVENTS_VERSION, id, source, type, timestamp: at.toISOString() },
    subject: { id: subject, source, type: 'service', content: data },
  };
}

/**
 * The data of a CDEvent about a service: where, and for all but `removed` and `published` which artifact, as a package
 * URL (purl, type `oci`). `digest` is `sha256:<hex>`.
 */
export function cdEventContent(about: {
  readonly environment: string;
  readonly artifact?: { readonly service: string; readonly digest: string };
}): Readonly<Record<string, Json>> {
  const { environment, artifact } = about;
  return {
    environment: { id: environment },
    ...(artifact === undefined
      ? {}
      : { artifactId: `pkg:oci/${artifact.service}@${encodeURIComponent(artifact.digest)}` }),
  };
}
