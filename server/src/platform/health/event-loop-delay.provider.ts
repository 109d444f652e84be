import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

/** How late timers come, in milliseconds beyond what the measure itself waits: a process that is too busy shows here. */
export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const RESOLUTION_MS = 20;
const MINUTE_MS = 60_000;
const NS_PER_MS = 1e6;

/** Measures the delay of the event loop, minute by minute. */
@Injectable()
export class EventLoopDelay implements OnModuleInit, OnApplicationShutdown {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private lastMinute: LoopDelay | undefined;
  private timer: NodeJS.Timeout | undefined;

  onModuleInit(): void {
    this.histogram.enable();
    this.timer = setInterval(() => {
      this.lastMinute = this.read();
      this.histogram.reset();
    }, MINUTE_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.histogram.disable();
  }

  /** Of the last whole minute since the start; before there is one, of the time since the start. */
  latest(): LoopDelay {
    return this.lastMinute ?? this.read();
  }

  private read(): LoopDelay {
    const { histogram } = this;
    const isEmpty = histogram.count === 0;
    const toMs = (ns: number): number =>
      isEmpty ? 0 : Math.max(0, Math.round((ns / NS_PER_MS - RESOLUTION_MS) * 10) / 10);
    return {
      p50Ms: toMs(histogram.percentile(50)),
      p99Ms: toMs(histogram.percentile(99)),
      maxMs: toMs(histogram.max),
    };
  }
}
