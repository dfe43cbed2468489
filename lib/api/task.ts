/** The Lambda handler of a task, invoked directly or by a schedule. The event is the task's input. */
import type { Context } from "aws-lambda";
import type * as z from "zod";
import type { Meter } from "../store/table/meter.ts";
import { ChangedNames } from "./changed-names.ts";
import { deployedRuntime } from "./deployed-runtime.ts";
import { lookingAgain } from "./feed-watch.ts";
import { looksLikeHttp } from "./http-event.ts";
import type { Measured } from "./metrics/definitions.ts";
import { measuredTask } from "./metrics/measured.ts";
import { codeOf, InvalidBody, MalformedEvent } from "./refusals.ts";
import type { Runtime, RuntimeSource } from "./runtime.ts";
import type { AnyTask, Noted } from "./task-definition.ts";
import { brackets } from "./validation-message.ts";

/** Milliseconds after which an invocation stops and reports what it has done. */
const TIME_LIMIT = 50_000;

/** Milliseconds before Lambda ends the function, reserved for the answer. */
const TIME_TO_ANSWER = 2_000;

/** Characters of a message: a property's name may be long. */
const MAX_WORDS = 500;

export type TaskHandler = (event: unknown, context?: Context) => Promise<unknown>;

/** @throws MalformedEvent, InvalidBody, as the invocation's error, if the event is not the input */
export function taskLambda(task: AnyTask, source: RuntimeSource = deployedRuntime): TaskHandler {
  return async (event, context) => {
    const runtime = await source();
    const invocation = new TaskInvocation(task, runtime, context);
    const answer = await invocation.run(event);
    // A scheduled run has no caller to receive its answer, so the log has it.
    runtime.log({ level: "INFO", message: "task done", task: task.id, answer });
    return answer;
  };
}

class TaskInvocation {
  readonly #task: AnyTask;
  readonly #runtime: Runtime;
  readonly #context: Context | undefined;
  readonly #started: number;
  readonly #changed = new ChangedNames();
  #meter: Meter | undefined;
  #measured: Measured = {};
  #noted: Noted = {};

  constructor(task: AnyTask, runtime: Runtime, context: Context | undefined) {
    this.#task = task;
    this.#runtime = runtime;
    this.#context = context;
    this.#started = runtime.clock.now();
  }

  async run(event: unknown): Promise<unknown> {
    let code: string | null = null;
    try {
      return await this.#run(event);
    } catch (error) {
      code = codeOf(error);
      throw error;
    } finally {
      this.#log(code);
    }
  }

  async #run(event: unknown): Promise<unknown> {
    const { clock, configuration, openStore, feed = lookingAgain(clock) } = this.#runtime;
    const input = inputOf(this.#task, event);
    const deadline = this.#started + timeFor(this.#context);
    const { access, cause = "repair" } = this.#task;
    const requestId = this.#context?.awsRequestId ?? null;
    const author = { caller: null, requestId, cause };
    const store = openStore({ access, deadline, author });
    this.#meter = store.meter;
    const measured = (own: Measured) => {
      this.#measured = { ...this.#measured, ...own };
    };
    const noted = (own: Noted) => {
      this.#noted = { ...this.#noted, ...own };
    };
    const changed = this.#changed.add;
    const services = { store, clock, configuration, feed };
    return this.#task.run(input, { ...services, changed, measured, noted });
  }

  /** Logs several lines, numbered from 1, if the changed names do not fit into one. */
  #log(code: string | null): void {
    const { clock, log } = this.#runtime;
    const lines = this.#changed.lines();
    const metrics = measuredTask(code !== null, this.#meter, this.#measured);
    for (const [index, changed] of lines.entries()) {
      log({
        level: "INFO",
        message: "task",
        task: this.#task.id,
        ...(index === 0 ? this.#noted : {}),
        awsRequestId: this.#context?.awsRequestId ?? null,
        status: code === null ? "ok" : "error",
        code,
        latency: clock.now() - this.#started,
        retries: this.#meter?.retries ?? 0,
        changed,
        changes: this.#changed.count,
        line: index + 1,
        lines: lines.length,
        ...(index === 0 ? { metrics } : {}),
      });
    }
  }
}

/**
 * Lambda logs what an invocation throws, so the message contains no value of the event.
 * @throws MalformedEvent, InvalidBody
 */
function inputOf(task: AnyTask, event: unknown): unknown {
  const input = task.input.safeParse(event ?? {});
  if (input.success) return input.data;
  if (looksLikeHttp(event)) throw new MalformedEvent();
  throw new InvalidBody(wordsOf(input.error.issues).slice(0, MAX_WORDS));
}

/** In a union of inputs, the message is about the variant with the fewest issues. */
function wordsOf(issues: readonly z.core.$ZodIssue[]): string {
  const [issue] = issues;
  if (issue === undefined) return "the event is not the task's input";
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    return wordsOf(issue.errors.reduce((best, next) => (next.length < best.length ? next : best)));
  }
  return `${issue.message}, on instance${brackets(issue.path)}`;
}

/** Milliseconds: the smaller of our own limit and what Lambda leaves. */
function timeFor(context: Context | undefined): number {
  if (context === undefined) return TIME_LIMIT;
  return Math.min(TIME_LIMIT, context.getRemainingTimeInMillis() - TIME_TO_ANSWER);
}
