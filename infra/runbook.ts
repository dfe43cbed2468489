/** Where alarms link to: each has a section of docs/runbook.md that starts with its name. */

export const RUNBOOK =
  "https://github.com/serverless-placement/serverless-placement/blob/main/docs/runbook.md";

/** @param section its heading */
export function describedIn(runbook: string, section: string, meaning: string): string {
  return `${meaning} What to do: ${runbook}#${section.toLowerCase()}`;
}
