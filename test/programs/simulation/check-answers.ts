/** Every answer against the worlds that there were between its question and itself. */
import { causeOf } from "./causes.ts";
import type { Attempt, History } from "./history.ts";
import { keptFor } from "./kept-answers.ts";
import { isExpired } from "./leases.ts";
import type { Answer, Entries, ReadOperation, TaskOperation, WriteOperation } from "./operation.ts";
import type { World } from "./world.ts";

export function checkAnswer(history: History, attempt: Attempt): void {
  for (const what of wrongs(history, attempt)) history.violate(attempt, what);
}

function wrongs(history: History, attempt: Attempt): string[] {
  const { operation, answer, until, from } = attempt;
  if (answer === undefined || until === undefined) return [];
  const worlds = history.worlds.slice(from, until + 1);
  if (operation.kind === "task") return some(wrongTask(operation, answer));
  if (answer.status >= 500) return some(wrongFailure(answer, attempt));
  if (operation.kind === "read") {
    const wrong = wrongRead(history, { attempt, operation, answer, worlds });
    return [...wrong, ...told(history, attempt)];
  }
  const first = keptFor(history, attempt);
  if (first !== undefined) return wrongWrites(history, { operation, answer, ...first });
  return wrongWrites(history, { attempt, operation, answer, worlds });
}

function wrongWrites(history: History, given: Answered<WriteOperation>): string[] {
  const wrong = some(wrongWrite(history, given));
  return wrong.length > 0 ? wrong : [...told(history, given.attempt)];
}

function told(history: History, attempt: Attempt): readonly string[] {
  const { operation, answer } = attempt;
  if (operation.kind === "task" || answer?.status === undefined || answer.status >= 300) return [];
  return operation.told?.(history, attempt) ?? [];
}

const some = (what: string | undefined): string[] => (what === undefined ? [] : [what]);

interface Answered<O> {
  readonly attempt: Attempt;
  readonly operation: O;
  readonly answer: Answer;
  readonly worlds: readonly World[];
}

const detailOf = (answer: Answer): string => String(answer.body?.errors?.[0]?.detail ?? "");

function wrongTask(operation: TaskOperation, answer: Answer): string | undefined {
  if (answer.status === 503) return undefined;
  return answer.status === 200 ? operation.broken(answer.body) : "it failed";
}

/** Being busy is no error, and must have changed nothing; an unknown outcome may be either. */
function wrongFailure(answer: Answer, { commits }: Attempt): string | undefined {
  const cause = causeOf(answer.status, detailOf(answer));
  if (cause === "503 unknown") return undefined;
  if (cause !== "503 nothing written") return "no client may be told that";
  return commits.length > 0 ? "nothing was written, it says, and something was" : undefined;
}

function wrongWrite(history: History, given: Answered<WriteOperation>): string | undefined {
  const { attempt, operation, answer, worlds } = given;
  const [commit] = attempt.commits;
  if (answer.status >= 400) {
    return commit === undefined ? wrongRefusal(given) : "it was refused, and done";
  }
  if (commit === undefined) return operation.told ? undefined : wrongNoChange(given);
  if (commit.index <= attempt.from) return "it was done before it was asked for";
  if (commit.index > (attempt.until ?? 0)) return "it was done after it was acknowledged";
  if (operation.tells?.(answer, commit) === false) return "it tells of something else";
  const verdict = operation.apply(history.worlds[commit.index - 1] as World, commit);
  if (!("world" in verdict) || agrees(verdict, answer)) return undefined;
  const isEarlier = (world: World) => {
    const earlier = operation.apply(world, commit);
    return "world" in earlier && agrees(earlier, answer);
  };
  if (operation.showsEarlier && worlds.some(isEarlier)) return undefined;
  return `it should say ${verdict.status}, generation ${verdict.generation}`;
}

function wrongRefusal({ attempt, operation, answer, worlds }: Answered<WriteOperation>) {
  const detail = detailOf(answer);
  const cause = causeOf(answer.status, detail);
  if (cause === "409 expired") {
    return isExpired(detail, worlds, attempt) ? undefined : "the lease had not expired";
  }
  const isCause = (world: World) => {
    const verdict = operation.apply(world);
    return "causes" in verdict && verdict.causes.includes(cause);
  };
  const fair = operation.isFair?.(cause, worlds, detail) ?? worlds.some(isCause);
  return fair ? undefined : `it was refused for no reason: ${cause}`;
}

function wrongNoChange({ operation, answer, worlds }: Answered<WriteOperation>) {
  const fair = worlds.some((world) => {
    const verdict = operation.apply(world);
    return "world" in verdict && verdict.world === world && agrees(verdict, answer);
  });
  return fair ? undefined : "it was acknowledged, and never done";
}

function agrees(
  { status, generation }: { readonly status: number; readonly generation?: number },
  { status: told, body }: Answer,
): boolean {
  if (status !== told) return false;
  const shown = body?.consumer_generation ?? body?.resource_provider_generation ?? body?.generation;
  return shown === undefined || generation === undefined || shown === generation;
}

function wrongRead(
  history: History,
  { attempt, operation, answer, worlds }: Answered<ReadOperation>,
): string[] {
  const expected = worlds.map((world) => operation.expected(world));
  if (answer.status === 404) {
    return expected.includes(undefined) ? [] : ["it was there all the time"];
  }
  if (answer.status !== 200) return ["a read is not refused"];
  const shown = operation.shown(answer);
  const fitting = new Map<string, number[]>();
  const wrong: string[] = [];
  const hidden = operation.isPart?.(answer) ? [] : expected.flatMap((each) => each ?? []);
  const keys = new Set([shown, ...hidden].flatMap(keysOf));
  for (const key of keys) {
    const at = expected.flatMap((each, index) =>
      each !== undefined && each.get(key) === shown.get(key) ? index : [],
    );
    fitting.set(key, at);
    if (at.length > 0) continue;
    const was = texts(expected, key);
    wrong.push(`${key || "what it shows"} was never ${shown.get(key) ?? "absent"}, but ${was}`);
  }
  for (const index of history.large) {
    const at = index - attempt.from;
    if (at < 1 || at >= worlds.length) continue;
    if (isHalf(fitting, { at, before: expected[at - 1], after: expected[at] })) {
      wrong.push(`it shows half of the large change that was committed as ${index}`);
    }
  }
  return wrong;
}

const keysOf = (entries: Entries): string[] => [...entries.keys()];

function texts(expected: readonly (Entries | undefined)[], key: string): string {
  return [...new Set(expected.map((each) => each?.get(key) ?? "absent"))].join(" or ");
}

interface Large {
  readonly at: number;
  readonly before: Entries | undefined;
  readonly after: Entries | undefined;
}

/** Whether of what one large change touched something is only as before, and something only as after. */
function isHalf(fitting: ReadonlyMap<string, readonly number[]>, { at, before, after }: Large) {
  let old = false;
  let fresh = false;
  for (const [key, indexes] of fitting) {
    if (indexes.length === 0 || before?.get(key) === after?.get(key)) continue;
    if (indexes.every((index) => index < at)) old = true;
    if (indexes.every((index) => index >= at)) fresh = true;
  }
  return old && fresh;
}
