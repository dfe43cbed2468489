/** One thing that a client does, and how its answer is judged. */
import type { AnyTask } from "../../../lib/api/task-definition.ts";
import type { Attempt, History } from "./history.ts";
import type { Scene } from "./makers/scene.ts";
import type { Commit } from "./table.ts";
import type { Cause, Verdict, World } from "./world.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: documents of all operations
  readonly body: any;
}

interface Asked {
  /** What is wrong with the answer to a success, if one world does not tell. */
  told?(history: History, attempt: Attempt): readonly string[];
  /** What its client does next, at once or later; the same operation: it is sent again. */
  next?(attempt: Attempt, scene: Scene): Operation | undefined;
}

/** Changes something, at one moment, or is refused. */
export interface WriteOperation extends Asked {
  readonly kind: "write";
  readonly name: string;
  readonly request: HttpRequest;
  /** It searches the snapshot that a function keeps: see `ReadOperation`. */
  readonly snapshot?: true;
  /** @param commit what it committed, if the request alone does not say what it makes */
  apply(world: World, commit?: Commit): Verdict;
  /**
   * Whether the worlds between question and answer allow a refusal that is not of one moment;
   * undefined: `apply` tells.
   */
  isFair?(cause: Cause, worlds: readonly World[], detail: string): boolean | undefined;
  /** It changes consumers whose lease has expired, too. */
  readonly passesLeases?: true;
  /** Its answer may show a generation that was raised before its commit, which it does not compare. */
  readonly showsEarlier?: true;
  /** Whether the answer tells what was committed. Default: it need not. */
  tells?(answer: Answer, commit: Commit): boolean;
}

/** What many items looked like, by key; each as it was at one moment, not all at the same. */
export type Entries = ReadonlyMap<string, string>;

export interface ReadOperation extends Asked {
  readonly kind: "read";
  readonly name: string;
  readonly request: HttpRequest;
  /**
   * From the snapshot that a function keeps: it has all changes that were
   * acknowledged, and those whose function died when it is read anew.
   */
  readonly snapshot?: true;
  /** What the world shows; undefined: 404. */
  expected(world: World): Entries | undefined;
  shown(answer: Answer): Entries;
  /** Whether what an answer does not show may be there all the same. Default: it may not. */
  isPart?(answer: Answer): boolean;
}

/** A maintenance function. */
export interface TaskOperation {
  readonly kind: "task";
  readonly name: string;
  readonly task: AnyTask;
  readonly input: unknown;
  /** What one of its commits made; undefined: it may not have made it. */
  committed(world: World, commit: Commit): World | undefined;
  /** What is wrong with its answer. */
  broken(answer: unknown): string | undefined;
}

export type Operation = WriteOperation | ReadOperation | TaskOperation;
