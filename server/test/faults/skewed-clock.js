// Preloaded into a replica: its clock is wrong by SKEW_MS milliseconds, as one that no time server sets. Timers are not.
const skewMs = Number(process.env.SKEW_MS);
const System = Date;

globalThis.Date = class extends System {
  constructor(...parts) {
    if (parts.length === 0) super(System.now() + skewMs);
    else super(...parts);
  }

  static now() {
    return System.now() + skewMs;
  }
};
