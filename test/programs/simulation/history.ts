/**
 * Requests, their answers, and the moments at which they took effect.
 *
 * The engine takes one transaction after the other, and this is the order in
 * which writes count. Every commit is played on the world as it was: if the
 * world would have refused the write, the service was wrong to make it.
 */
import { DEFAULT_CONFIGURATION } from "../../../lib/api/configuration.ts";
import { Ages } from "./ages.ts";
import { leaseFaults, RELEASE, timed } from "./leases.ts";
import type { Answer, Operation } from "./operation.ts";
import type { Commit } from "./table.ts";
import { EMPTY, type World } from "./world.ts";

export interface Attempt {
  readonly number: number;
  readonly client: string;
  readonly operation: Operation;
  /** Milliseconds since the simulation began. */
  readonly asked: number;
  /** The server that received the request, and the milliseconds by which its clock is ahead. */
  server: number;
  skew: number;
  /** Commits that every reader saw before the request. */
  readonly from: number;
  /** Commits before the answer. */
  until: number | undefined;
  /** Milliseconds since the simulation began. */
  answered: number | undefined;
  answer: Answer | undefined;
  /** What it committed. */
  readonly commits: Commit[];
  /** Its server logged that it was acknowledged although the shard logs do not name it yet. */
  unlisted?: true;
}

export class History {
  readonly attempts: Attempt[] = [];
  /** After each commit; the first one is before all. */
  readonly worlds: World[] = [EMPTY];
  /** What was wrong, in words. */
  readonly violations: string[] = [];
  /** Indexes of commits that decided large changes. */
  readonly large: number[] = [];
  readonly ages = new Ages();
  readonly #now: () => number;
  readonly #commits: {
    readonly index: number;
    readonly at: number;
    readonly attempt: Attempt | undefined;
  }[] = [];

  get world(): World {
    return this.worlds.at(-1) ?? EMPTY;
  }

  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  /** @param seen commits that every reader sees by now */
  begin(client: string, operation: Operation, seen: number): Attempt {
    const attempt: Attempt = {
      number: this.attempts.length + 1,
      client,
      operation,
      asked: this.#now(),
      server: 0,
      skew: 0,
      from: this.#shownTo(operation, seen),
      until: undefined,
      answered: undefined,
      answer: undefined,
      commits: [],
    };
    this.attempts.push(attempt);
    return attempt;
  }

  /** Commits that the answer to a request made now has to show. */
  #shownTo(operation: Operation, seen: number): number {
    if (operation.kind === "task" || operation.snapshot === undefined) return seen;
    const late = this.#commits.find(
      ({ at, attempt }) =>
        (attempt?.until === undefined || attempt.unlisted) &&
        this.#now() - at < 1_000 * DEFAULT_CONFIGURATION.snapshotMaxAge,
    );
    return late === undefined ? seen : Math.min(seen, late.index - 1);
  }

  end(attempt: Attempt, answer: Answer | undefined): void {
    if (answer === undefined) return;
    attempt.answer = answer;
    attempt.until = this.worlds.length - 1;
    attempt.answered = this.#now();
  }

  /** A transaction that the engine has just taken. */
  commit(commit: Commit): void {
    const attempt = commit.cause as Attempt | undefined;
    if (commit.large) this.large.push(commit.index);
    this.#commits.push({ index: commit.index, at: this.#now(), attempt });
    this.worlds.push(this.#inTime(attempt, this.#played(attempt, commit)));
    attempt?.commits.push(commit);
  }

  /** The next world, with the times of its leases, if the times of the former one allow it. */
  #inTime(attempt: Attempt | undefined, next: World): World {
    if (attempt === undefined) return next;
    const moment = { asked: attempt.asked, committed: this.#now(), skew: attempt.skew };
    const { operation } = attempt;
    const faults = leaseFaults(this.world, next, {
      ...moment,
      releases: operation.name === RELEASE,
      passes: operation.kind === "write" && operation.passesLeases === true,
    });
    for (const fault of faults) this.violate(attempt, fault);
    this.ages.note(this.world, next, moment);
    return timed(next, moment);
  }

  #played(attempt: Attempt | undefined, commit: Commit): World {
    const { world } = this;
    const keys = commit.keys.map(({ pk, sk }) => `${pk} ${sk}`).join(", ");
    if (attempt === undefined) {
      this.violate(undefined, `nobody asked for a change of ${keys}`);
      return world;
    }
    const { operation } = attempt;
    if (operation.kind === "task") {
      const after = operation.committed(world, commit);
      if (after === undefined) this.violate(attempt, `it may not have changed ${keys}`);
      return after ?? world;
    }
    if (operation.kind === "read") {
      this.violate(attempt, `a read changed ${keys}`);
      return world;
    }
    if (this.attempts.some((each) => each.operation === operation && each.commits.length > 0)) {
      this.violate(attempt, "it was done twice");
    }
    const verdict = operation.apply(world, commit);
    if ("world" in verdict) return verdict.world;
    this.violate(attempt, `it was done, and had to be refused: ${verdict.causes.join(", ")}`);
    return world;
  }

  violate(attempt: Attempt | undefined, what: string): void {
    const where = attempt === undefined ? "" : `${wordsOf(attempt)}: `;
    this.violations.push(`${where}${what}`);
  }
}

export function wordsOf(attempt: Attempt): string {
  const { number, client, operation, answer, from, until, commits, asked, server } = attempt;
  const request = operation.kind === "task" ? operation.input : operation.request;
  const done =
    commits.map(({ index, large }) => (large ? `${index}, large` : index)).join(", ") || "nothing";
  const told =
    answer === undefined ? "no answer" : `${answer.status} ${JSON.stringify(answer.body) ?? ""}`;
  return `#${number} of ${client} at ${(asked / 1_000).toFixed(3)} s of server ${server}, ${operation.name} ${short(JSON.stringify(request))} -> ${short(told)}, committed ${done}, between ${from} and ${until ?? "the end"}`;
}

const LONG = 700;

function short(text: string): string {
  return text.length <= LONG ? text : `${text.slice(0, LONG)}...`;
}
