/** The Lambda handler of a task: invoked directly or by a schedule, with its input as the event. */
import type { Context } from "aws-lambda";
import { deployedRuntime } from "./deployed-runtime.ts";
import type { AnyTask } from "./operation.ts";
import { InvalidBody } from "./refusals.ts";
import type { RuntimeSource } from "./runtime.ts";
import { schemaWords } from "./schema-words.ts";

/** Milliseconds that one invocation works before it answers with what it has done. */
const TIME_LIMIT = 50_000;

export type TaskHandler = (event: unknown, context?: Context) => Promise<unknown>;

/** @throws InvalidBody, as the invocation's error, if the event is not the task's input */
export function taskLambda(task: AnyTask, source: RuntimeSource = deployedRuntime): TaskHandler {
  return async (event) => {
    const { clock, configuration, log, openStore } = await source();
    const input = task.input.safeParse(event ?? {});
    if (!input.success) throw new InvalidBody(schemaWords(task.input, event, input.error));
    const store = openStore({ access: task.access, deadline: clock.now() + TIME_LIMIT });
    const answer = await task.run(input.data, { store, clock, configuration });
    // Nobody gets the answer of a scheduled run: the log keeps it.
    log({ level: "INFO", message: "task done", task: task.id, answer });
    return answer;
  };
}
