/** Asks the registry for advisories against what we ship; fails on those of high and critical severity. */
import { type AuditReport, summarizeAudit } from './audit-summary.ts';
import { run } from './run-command.ts';

const { stdout } = await run('npm', ['audit', '--omit=dev', '--json'], { isQuiet: true });
const { isSound, text } = summarizeAudit(reportOf(stdout));
console.log(text);
if (!isSound) process.exitCode = 1;

function reportOf(printed: string): AuditReport {
  try {
    return JSON.parse(printed) as AuditReport; // npm prints it
  } catch {
    return { message: 'npm audit printed no report' };
  }
}
