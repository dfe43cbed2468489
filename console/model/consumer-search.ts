/** What is searched among consumers, as parameters of the list. */

export interface Search {
  readonly uuid: string;
  readonly which: string;
  readonly project: string;
  readonly user: string;
  readonly type: string;
  readonly hours: string;
}

export const NO_SEARCH: Search = {
  uuid: "",
  which: "",
  project: "",
  user: "",
  type: "",
  hours: "1",
};

const HOUR = 3_600;

/** @param now milliseconds since 1970 */
export function searchOf(search: Search, now: number): Readonly<Record<string, string>> {
  const seconds = Math.max(0, Math.round(Number(search.hours) * HOUR)) || 0;
  if (search.which === "idle") return { idle_for: String(seconds) };
  if (search.which === "old") return { older_than: String(seconds) };
  if (search.which === "expiring") {
    return { expires_before: `${new Date(now + 1_000 * seconds).toISOString().slice(0, 19)}Z` };
  }
  const given = {
    project_id: search.project.trim(),
    user_id: search.project.trim() === "" ? "" : search.user.trim(),
    consumer_type: search.type.trim(),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
}

export function wordsOf({ which, project, user, type, hours }: Search): string {
  if (which === "idle") return `Hold nothing, and were created ${hours} h ago or before`;
  if (which === "old") return `Unchanged for ${hours} h`;
  if (which === "expiring") return `Leases that end within ${hours} h`;
  const of = project === "" ? "of all projects" : `of project ${project}`;
  const whose = user === "" || project === "" ? "" : `, user ${user}`;
  return `Consumers ${of}${whose}${type === "" ? "" : `, type ${type}`}`;
}
