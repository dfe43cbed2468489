/** The Lambda handler of a task: invoked directly or by a schedule, with its input as the event. */
import type { Context } from "aws-lambda";
import { deployedRuntime } from "./deployed-runtime.ts";
import type { AnyTask } from "./operation.ts";
import { InvalidBody } from "./refusals.ts";
import type { RuntimeSource } from "./runtime.ts";
import { schemaWords } from "./schema-words.ts";

/** Milliseconds that one invocation works before it answers with what it has done. */
const TIME_LIMIT = 50_000;

/** Milliseconds before Lambda ends the function, in which the answer is still given. */
const TIME_TO_ANSWER = 2_000;

export type TaskHandler = (event: unknown, context?: Context) => Promise<unknown>;

/** @throws InvalidBody, as the invocation's error, if the event is not the task's input */
export function taskLambda(task: AnyTask, source: RuntimeSource = deployedRuntime): TaskHandler {
  return async (event, context) => {
    const { clock, configuration, log, openStore } = await source();
    const input = task.input.safeParse(event ?? {});
    if (!input.success) throw new InvalidBody(schemaWords(task.input, event, input.error));
    const store = openStore({ access: task.access, deadline: clock.now() + timeFor(context) });
    const answer = await task.run(input.data, { store, clock, configuration });
    // Nobody gets the answer of a scheduled run: the log keeps it.
    log({ level: "INFO", message: "task done", task: task.id, answer });
    return answer;
  };
}

/** Milliseconds: the smaller of our own limit and what Lambda leaves. */
function timeFor(context: Context | undefined): number {
  if (context === undefined) return TIME_LIMIT;
  return Math.min(TIME_LIMIT, context.getRemainingTimeInMillis() - TIME_TO_ANSWER);
}
