/** Which tasks run by themselves, and with what input. The others are only invoked. */
import { Duration, Validations } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { deleteIdleConsumers } from "../functions/maintenance/delete-idle-consumers.ts";
import { finishChanges } from "../functions/maintenance/finish-changes.ts";
import type { AnyTask } from "../lib/api/operation.ts";
import { constructId } from "./placement-function.ts";
import { SCHEDULE_REASON } from "./reasons.ts";

const BATCH_SIZE = 500;
const FINISH_EVERY = Duration.minutes(5);
const SWEEP_EVERY = Duration.minutes(15);

export interface ScheduledTask {
  readonly task: AnyTask;
  readonly every: Duration;
  readonly input: Readonly<Record<string, unknown>>;
}

/** @param idleConsumerAge the age from which idle consumers are deleted; none: they are kept */
export function scheduledTasks(idleConsumerAge: Duration | undefined): ScheduledTask[] {
  const finish = { task: finishChanges, every: FINISH_EVERY, input: { batch_size: BATCH_SIZE } };
  if (idleConsumerAge === undefined) return [finish];
  const input = { batch_size: BATCH_SIZE, older_than: idleConsumerAge.toSeconds() };
  return [finish, { task: deleteIdleConsumers, every: SWEEP_EVERY, input }];
}

/** @throws ZodError if the input is not the task's */
export function schedule(
  scope: Construct,
  { task, every, input }: ScheduledTask,
  handler: LambdaFunction,
): Rule {
  task.input.parse(input);
  // A run that fails is not repeated: the next one finds what it left.
  handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: every });
  const rule = new Rule(scope, `${constructId(task)}-schedule`, {
    description: task.summary,
    schedule: Schedule.rate(every),
    targets: [new targets.LambdaFunction(handler, { event: RuleTargetInput.fromObject(input) })],
  });
  Validations.of(rule).acknowledge(SCHEDULE_REASON);
  return rule;
}
