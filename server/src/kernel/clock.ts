/** Tells the time. The only source of "now" for services; tests hold it still. */
export abstract class Clock {
  abstract now(): Date;
}
