/** Simulated servers: the real handlers on a clock of their own, until they die. */
import { operations } from "../../../functions/index.ts";
import { DEFAULT_CONFIGURATION } from "../../../lib/api/configuration.ts";
import { type LambdaHandler, lambda } from "../../../lib/api/lambda.ts";
import type { AnyOperation } from "../../../lib/api/operation.ts";
import type { Runtime } from "../../../lib/api/runtime.ts";
import { taskLambda } from "../../../lib/api/task.ts";
import { httpEvent } from "../../../lib/local/http-event.ts";
import { localRuntime } from "../../../lib/local/runtime.ts";
import { PendingWrites } from "../../../lib/store/history/pending-writes.ts";
import type { Chance } from "../../support/chance.ts";
import { lambdaContext } from "../../support/lambda-context.ts";
import type { Answer, HttpRequest, Operation } from "./operation.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Caller, SimulatedTable } from "./table.ts";

/** Where simulated time begins: any moment, as long as it is always the same. */
const EPOCH = Date.UTC(2030, 0, 1);
const TIMEOUT = 30_000;
const LONGEST_PAUSE = 60_000;

/** No answer: the function died, or took too long. */
export const LOST = Symbol("lost");

export interface ServerParts {
  readonly scheduler: Scheduler;
  readonly table: SimulatedTable;
  readonly random: Chance;
  /** Milliseconds by which its clock is ahead. */
  readonly skew: number;
  /** Of no other server of the round. */
  readonly name: string;
  readonly maxChangeItems?: number;
  /** @param cause of a write that the shard logs do not name, and that is acknowledged all the same */
  onUnlisted(cause: unknown): void;
  /** What the functions log as an error is a bug. */
  onError(entry: Readonly<Record<string, unknown>>): void;
}

export class SimulatedServer implements Caller {
  alive = true;
  pausedUntil = 0;
  readonly #parts: ServerParts;
  readonly #runtime: Runtime;
  readonly #handlers: ReadonlyMap<AnyOperation, LambdaHandler>;
  readonly #waiting = new Set<() => void>();

  constructor(parts: ServerParts) {
    this.#parts = parts;
    const { table, random } = parts;
    const clock = {
      now: () => this.now(),
      sleep: (ms: number) => this.#sleep(ms),
      after: (ms: number, act: () => void) => this.#after(ms, act),
    };
    const { fraction, uuid } = random;
    const configuration = {
      ...DEFAULT_CONFIGURATION,
      ...(parts.maxChangeItems === undefined ? {} : { maxChangeItems: parts.maxChangeItems }),
    };
    const log: Runtime["log"] = (entry) => {
      if (entry["metric"] === "HeadNotRaised") parts.onUnlisted(table.cause.getStore());
      if (entry["level"] === "ERROR" || entry["metric"] === "DamagedRecords") parts.onError(entry);
    };
    this.#runtime = localRuntime({
      connection: table.connectionOf(this),
      configuration,
      log,
      clock,
      random: { fraction, uuid },
      // One machine's processes share its clock; the skew is of functions, which leave nothing.
      pending: new PendingWrites(parts.name, { now: () => EPOCH + parts.scheduler.now }),
    });
    const source = async () => this.#runtime;
    this.#handlers = new Map(operations.map((operation) => [operation, lambda(operation, source)]));
  }

  now(): number {
    return Math.floor(EPOCH + this.#parts.scheduler.now + this.#parts.skew);
  }

  get skew(): number {
    return this.#parts.skew;
  }

  get busy(): number {
    return this.#waiting.size;
  }

  suffer(): void {
    const { table, random, scheduler } = this.#parts;
    const { dying, pausing } = table.weather;
    if (random.fraction() < dying) this.die();
    if (random.fraction() < pausing) {
      this.pausedUntil = scheduler.now + random.below(LONGEST_PAUSE);
    }
  }

  /** Stops all its work; requests under way get no answer. */
  die(): void {
    this.alive = false;
    for (const lose of this.#waiting) lose();
  }

  /** @param cause what commits of the request are known by */
  async send(operation: Operation, cause: unknown): Promise<Answer | typeof LOST> {
    const { scheduler, table } = this.#parts;
    let lose = () => {};
    const lost = new Promise<typeof LOST>((resolve) => {
      lose = () => resolve(LOST);
    });
    this.#waiting.add(lose);
    if (operation.kind !== "task") scheduler.after(TIMEOUT, lose);
    const work = table.cause.run(cause, () =>
      operation.kind === "task" ? this.#task(operation) : this.#http(operation.request),
    );
    const answer = await Promise.race([lost, work.catch(failed)]);
    this.#waiting.delete(lose);
    return answer;
  }

  async #task(operation: Extract<Operation, { kind: "task" }>): Promise<Answer> {
    const body = await taskLambda(operation.task, async () => this.#runtime)(operation.input);
    return { status: 200, body };
  }

  async #http({
    method,
    path,
    version = "1.39",
    headers: own,
    body,
  }: HttpRequest): Promise<Answer> {
    const bytes = Buffer.from(body === undefined ? "" : JSON.stringify(body));
    const headers = {
      "x-auth-token": "admin",
      "x-roles": "admin,service",
      "openstack-api-version": `placement ${version}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...own,
    };
    const request = {
      method,
      target: path,
      httpVersion: "1.1",
      rawHeaders: Object.entries(headers).flat(),
      sourceIp: "127.0.0.1",
      localPort: 1,
      body: bytes,
    };
    const { event, operation } = httpEvent(operations, request, this.now());
    const handler = operation && this.#handlers.get(operation);
    if (handler === undefined) throw new Error(`no operation serves ${method} ${path}`);
    const result = (await handler(event, lambdaContext("http"))) as {
      readonly statusCode: number;
      readonly body?: string;
    };
    const text = result.body ?? "";
    return { status: result.statusCode, body: text === "" ? undefined : JSON.parse(text) };
  }

  #after(milliseconds: number, act: () => void): () => void {
    let cancelled = false;
    const ring = () => {
      if (!cancelled && this.alive) act();
    };
    const { scheduler } = this.#parts;
    scheduler.after(milliseconds, () => {
      const wait = this.pausedUntil - scheduler.now;
      if (wait > 0 && !cancelled) scheduler.after(wait, ring);
      else ring();
    });
    return () => {
      cancelled = true;
    };
  }

  #sleep(milliseconds: number): Promise<void> {
    const { scheduler } = this.#parts;
    return new Promise((resolve) => {
      scheduler.after(milliseconds, () => {
        scheduler.after(Math.max(0, this.pausedUntil - scheduler.now), () => {
          if (this.alive) resolve();
        });
      });
    });
  }
}

function failed(error: unknown): Answer {
  const detail = error instanceof Error ? error.message : String(error);
  const status = (error as { status?: number }).status ?? 500;
  return { status, body: { errors: [{ detail }] } };
}
