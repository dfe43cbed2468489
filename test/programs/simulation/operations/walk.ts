/** A walk through the consumers of all projects, page by page. */
import type { Attempt, History } from "../history.ts";
import type { Answer, Entries, Operation, ReadOperation } from "../operation.ts";
import type { Consumer, World } from "../world.ts";
import { text } from "./reads.ts";

export interface Walk {
  readonly limit: number;
  /** Only those that hold something on it. */
  readonly provider: string | undefined;
  /** `unknown`: without one. */
  readonly type: string | undefined;
  /** Only those whose last change is so many seconds ago. */
  readonly olderThan: number | undefined;
}

/** How often a page is asked for again that had no answer. */
const MAX_TRIES = 4;
/** A walk of so many pages never ends. */
const MAX_PAGES = 400;

export function walkConsumers(walk: Walk): ReadOperation {
  return pageOf(walk, [], undefined);
}

/** @param before the attempts that got the pages before */
function pageOf(walk: Walk, before: readonly Attempt[], marker: string | undefined): ReadOperation {
  let tries = 0;
  const next = (attempt: Attempt): Operation | undefined => {
    const { answer, operation } = attempt;
    if (answer?.status !== 200) {
      tries += 1;
      return tries < MAX_TRIES ? operation : undefined;
    }
    const pages = [...before, attempt];
    const { next_marker: following } = answer.body;
    return following === null ? undefined : pageOf(walk, pages, following);
  };
  return {
    kind: "read",
    name: "walk consumers",
    request: { method: "GET", path: pathOf(walk, marker) },
    isPart: ({ body }) => marker !== undefined || body.next_marker !== null || isTimed(walk),
    expected: (world) =>
      new Map(
        [...world.consumers].flatMap(([uuid, consumer]) =>
          isWanted(walk, consumer) ? [[uuid, textOf(consumer)]] : [],
        ),
      ),
    shown,
    told: (history, attempt) => [
      ...wrongPage(walk, history, attempt),
      ...wrongWalk(walk, history, [...before, attempt]),
    ],
    next,
  };
}

const isTimed = ({ olderThan }: Walk) => olderThan !== undefined;

function pathOf({ limit, provider, type, olderThan }: Walk, marker: string | undefined): string {
  const given = { limit, provider, consumer_type: type, older_than: olderThan, marker };
  const parts = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  return `/consumers?${parts.join("&")}`;
}

function isWanted({ provider, type }: Walk, consumer: Consumer): boolean {
  if (provider !== undefined && consumer.allocations[provider] === undefined) return false;
  return type === undefined || type === (consumer.type ?? "unknown");
}

function textOf({ generation, project, user, type }: Consumer): string {
  return text({ generation, project, user, type: type ?? "unknown" });
}

function shown({ body }: Answer): Entries {
  return new Map(
    body.consumers.map((each: Answer["body"]) => [
      each.uuid,
      text({
        generation: each.consumer_generation,
        project: each.project_id,
        user: each.user_id,
        type: each.consumer_type,
      }),
    ]),
  );
}

const uuidsOf = ({ answer }: Attempt): string[] => [...shown(answer as Answer).keys()];

/** Between which times the last change of a consumer has to be that is just old enough for a page. */
function thresholdOf({ olderThan }: Walk, { asked, answered = 0, skew }: Attempt) {
  if (olderThan === undefined) return undefined;
  const seconds = olderThan * 1_000 - skew;
  return { earliest: asked - seconds - 1, latest: answered - seconds + 1 };
}

function wrongPage(walk: Walk, history: History, attempt: Attempt): string[] {
  const { from, until = 0, answer } = attempt;
  const given = answer as Answer;
  const wrong = given.body.consumers.length > walk.limit ? ["it has more than its limit"] : [];
  const threshold = thresholdOf(walk, attempt);
  if (threshold === undefined) return wrong;
  const worlds = history.worlds.slice(from, until + 1);
  for (const [uuid, said] of shown(given)) {
    const old = worlds.some(({ consumers }) => {
      const consumer = consumers.get(uuid);
      if (consumer === undefined || textOf(consumer) !== said) return false;
      return history.ages.of(consumer).earliest <= threshold.latest;
    });
    if (!old) wrong.push(`${uuid} was changed later`);
  }
  return wrong;
}

/** Judged at its last page. */
function wrongWalk(walk: Walk, history: History, pages: readonly Attempt[]): string[] {
  const [first] = pages;
  const last = pages.at(-1);
  const wrong = pages.length > MAX_PAGES ? ["it never ends"] : [];
  if (first === undefined || last?.answer?.body.next_marker !== null) return wrong;
  const all = pages.flatMap(uuidsOf);
  const twice = all.filter((uuid, place) => all.indexOf(uuid) !== place);
  if (twice.length > 0) wrong.push(`the walk shows ${twice} twice`);
  const worlds = history.worlds.slice(first.from, (last.until ?? 0) + 1);
  const limits = pages.flatMap((page) => thresholdOf(walk, page)?.earliest ?? []);
  const passes = (consumer: Consumer | undefined) =>
    consumer !== undefined &&
    isWanted(walk, consumer) &&
    (limits.length === 0 || history.ages.of(consumer).latest <= Math.min(...limits));
  const missing = throughout(worlds, passes).filter((uuid) => !all.includes(uuid));
  if (missing.length > 0) wrong.push(`the walk misses ${missing}`);
  return wrong;
}

/** Consumers that pass in all of `worlds`. */
function throughout(
  [first, ...others]: readonly World[],
  passes: (consumer: Consumer | undefined) => boolean,
): string[] {
  if (first === undefined) return [];
  return [...first.consumers].flatMap(([uuid, consumer]) =>
    passes(consumer) && others.every(({ consumers }) => passes(consumers.get(uuid))) ? [uuid] : [],
  );
}
