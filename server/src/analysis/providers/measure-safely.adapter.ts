import { hash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { CallFailure } from './call-failure.js';
import { failure, type ReadAnswer, sampleText } from './metric-answer.js';
import type { MetricAnswer } from './metric-provider.js';
import { redactAnswer } from './redact-answer.js';

const logger = new Logger('MetricProviders');

export interface Measuring {
  /** What is asked, in words that a log may show. */
  readonly asked: string;
  /** What no answer may show. */
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
}

/** Makes an answer of whatever becomes of a measurement: never rejects, and ends when the caller calls it off. */
export async function measureSafely(
  { asked, secrets, signal }: Measuring,
  measure: () => Promise<ReadAnswer>,
): Promise<MetricAnswer> {
  const read = await untilAborted(asked, signal, () => measure().catch((error: unknown) => failureOf(asked, error)));
  const answer = redactAnswer(read, secrets);
  return answer.kind === 'series' ? { ...answer, sampleHash: hash('sha256', sampleText(answer), 'hex') } : answer;
}

async function untilAborted(
  asked: string,
  signal: AbortSignal,
  answer: () => Promise<ReadAnswer>,
): Promise<ReadAnswer> {
  const calledOff = failure(asked, 'MEASUREMENT_ABORTED', 'The measurement was called off.');
  if (signal.aborted) return calledOff;
  let stop: () => void = () => undefined;
  const aborted = new Promise<ReadAnswer>((resolve) => (stop = () => resolve(calledOff)));
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([answer(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function failureOf(asked: string, error: unknown): ReadAnswer {
  if (error instanceof CallFailure) return failure(asked, error.code, error.message);
  logger.error(error, 'A measurement broke.');
  return failure(asked, 'MEASUREMENT_BROKEN', 'The measurement broke in Sluice itself; its log says how.');
}
