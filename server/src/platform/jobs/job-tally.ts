import type { JobRuns } from './jobs.js';

/** Counts what becomes of the jobs of one type in this process. */
export class JobTally {
  private running = 0;
  private ended = 0;
  private failed = 0;
  private lastEndedAt: Date | null = null;
  private lastFailedAt: Date | null = null;

  /** Runs a job and counts it; rejects as it does. */
  async count(job: () => Promise<void>): Promise<void> {
    this.running += 1;
    try {
      await job();
    } catch (error) {
      this.failed += 1;
      this.lastFailedAt = new Date();
      throw error;
    } finally {
      this.running -= 1;
      this.ended += 1;
      this.lastEndedAt = new Date();
    }
  }

  runs(): JobRuns {
    const { running, ended, failed, lastEndedAt, lastFailedAt } = this;
    return { running, ended, failed, lastEndedAt, lastFailedAt };
  }
}
