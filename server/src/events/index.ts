export { cdEventContent, type CloudEvent, toCloudEvent } from './cloud-event.js';
export { EVENT_APPENDED } from './event-appended.js';
export { EventLog } from './event-log.service.js';
export type { EventDraft, EventRecord } from './event-record.js';
export { EventSignals } from './event-signals.service.js';
export type { EventType } from './event-type.js';
export { EventsModule } from './events.module.js';
export { EventsReader } from './events-reader.service.js';
export { isTypePattern, matchesType } from './match-type.js';
