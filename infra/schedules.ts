/** Tasks that run on a schedule, with their input. The others run only when they are invoked. */
import { Duration, Validations } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { canary } from "../functions/maintenance/canary.ts";
import { deleteIdleConsumers } from "../functions/maintenance/delete-idle-consumers.ts";
import { finishChanges } from "../functions/maintenance/finish-changes.ts";
import { releaseExpired } from "../functions/maintenance/release-expired.ts";
import { verifyRecords } from "../functions/maintenance/verify-table.ts";
import { writePages } from "../functions/maintenance/write-profile-pages.ts";
import type { AnyTask } from "../lib/api/task-definition.ts";
import { checkBounds, STACK_BOUNDS } from "./bounds.ts";
import { constructId } from "./names.ts";
import { SCHEDULE_REASON } from "./reasons.ts";

const BATCH_SIZE = 500;
const FINISH_EVERY = Duration.minutes(5);
/** The shortest that EventBridge has. */
const RELEASE_EVERY = Duration.minutes(1);
const SWEEP_EVERY = Duration.minutes(15);
const PAGES_EVERY = Duration.minutes(15);
/** The maximum age of an event in Lambda's queue, in seconds. */
const MAX_EVENT_AGE = 21_600;

export interface ScheduledTask {
  readonly task: AnyTask;
  readonly every: Duration;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What an operator may ask for. */
export interface Maintenance {
  /** The age at which idle consumers are deleted; absent: they are kept. */
  readonly idleConsumerAge?: Duration | undefined;
  /** The interval at which a part of the table is verified; absent: only when invoked. */
  readonly verifyInterval?: Duration | undefined;
  /** The interval at which pages of profiles are written; default 15 minutes, 0: never. */
  readonly profilePagesInterval?: Duration | undefined;
  /** The interval at which the canary runs; absent: only when invoked. */
  readonly canaryInterval?: Duration | undefined;
}

/** @throws BadSettings */
export function scheduledTasks({
  idleConsumerAge,
  verifyInterval,
  profilePagesInterval = PAGES_EVERY,
  canaryInterval,
}: Maintenance): ScheduledTask[] {
  checkBounds("idleConsumerAge", idleConsumerAge?.toSeconds(), STACK_BOUNDS.idleConsumerAge);
  checkBounds("verifyInterval", verifyInterval?.toSeconds(), STACK_BOUNDS.verifyInterval);
  checkBounds("canaryInterval", canaryInterval?.toSeconds(), STACK_BOUNDS.canaryInterval);
  const pagesEvery = profilePagesInterval.toSeconds();
  checkBounds("profilePagesInterval", pagesEvery, STACK_BOUNDS.profilePagesInterval);
  const batch = { batch_size: BATCH_SIZE };
  const scheduled: ScheduledTask[] = [
    { task: finishChanges, every: FINISH_EVERY, input: batch },
    { task: releaseExpired, every: RELEASE_EVERY, input: batch },
  ];
  if (pagesEvery > 0) {
    scheduled.push({ task: writePages, every: profilePagesInterval, input: batch });
  }
  if (idleConsumerAge !== undefined) {
    const input = { ...batch, older_than: idleConsumerAge.toSeconds() };
    scheduled.push({ task: deleteIdleConsumers, every: SWEEP_EVERY, input });
  }
  if (verifyInterval !== undefined) {
    const input = { ...batch, resume: true };
    scheduled.push({ task: verifyRecords, every: verifyInterval, input });
  }
  if (canaryInterval !== undefined) {
    scheduled.push({ task: canary, every: canaryInterval, input: {} });
  }
  return scheduled;
}

/** @throws ZodError if the task does not accept the input */
export function schedule(
  scope: Construct,
  { task, every, input }: ScheduledTask,
  handler: IFunction,
): Rule {
  task.input.parse(input);
  // A run that fails or is late is not repeated: the next one does its work.
  const maxEventAge = Duration.seconds(Math.min(every.toSeconds(), MAX_EVENT_AGE));
  handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge });
  const rule = new Rule(scope, `${constructId(task)}-schedule`, {
    description: task.summary,
    schedule: Schedule.rate(every),
    targets: [new targets.LambdaFunction(handler, { event: RuleTargetInput.fromObject(input) })],
  });
  Validations.of(rule).acknowledge(SCHEDULE_REASON);
  return rule;
}
