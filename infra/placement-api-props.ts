/** What the construct `PlacementApi` can be given. */
import type { Duration } from "aws-cdk-lib";
import type { IAlarm } from "aws-cdk-lib/aws-cloudwatch";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Caller } from "./callers.ts";
import type { CapacityProps } from "./capacity.ts";
import type { EndpointProps } from "./endpoints/props.ts";
import type { GivenConfiguration } from "./environment.ts";
import type { LogClass } from "./log-groups.ts";
import type { TableProps } from "./placement-table.ts";
import type { RolloutName } from "./rollout.ts";
import type { GivenLimits } from "./throttle.ts";

/** The functions' configuration (`lib/api/configuration.ts` describes it), and the stack's own. */
export interface PlacementApiProps extends GivenConfiguration, TableProps, CapacityProps {
  /** How the API is reached, one endpoint of each kind at most. Default: one, for signed requests. */
  readonly endpoints?: readonly EndpointProps[] | undefined;
  /**
   * Prefix of the name of every function and log group, so that callers know it:
   * `placement-allocations-replace`. Default: the stack's name.
   */
  readonly namePrefix?: string | undefined;
  /** Callers that sign requests, and their roles. Default: none, so that the policy refuses them. */
  readonly callers?: readonly Caller[] | undefined;
  /** How long all logs are kept. Default: one month. */
  readonly logRetention?: RetentionDays | undefined;
  /** Whether logs are retained when the stack or a function is deleted. Default: they are deleted. */
  readonly retainLogs?: boolean | undefined;
  /** The class of all log groups. Default: `standard`. */
  readonly logClass?: LogClass | undefined;
  /**
   * Whether functions emit metrics, which CloudWatch bills: docs/monitoring.md. Default: yes, unless
   * the logs are of infrequent access, in which CloudWatch finds none.
   */
  readonly metrics?: boolean | undefined;
  /** Whether X-Ray traces the functions, which AWS bills. Default: no. */
  readonly tracing?: boolean | undefined;
  /** Of each route; beyond them, the answer is 429. Default: 500 a second, and bursts of 1,000. */
  readonly throttle?: GivenLimits | undefined;
  /** Of `GET /openapi.json`, which needs no authorization. Default: 5 a second, and bursts of 10. */
  readonly openApiThrottle?: GivenLimits | undefined;
  /**
   * How aliases move to new versions. Default: `allAtOnce`, without CodeDeploy. For a stack that is
   * deployed already: aliases that are new have no traffic to move.
   */
  readonly rollout?: RolloutName | undefined;
  /**
   * Alarms that take a gradual rollout back, 10 at most. Default: some of its own, of functions that
   * crash. An alarm on an API or alias would depend on itself, and is refused.
   */
  readonly rollbackAlarms?: readonly IAlarm[] | undefined;
  /**
   * The address of docs/runbook.md, to which the own alarms of a gradual rollout link. Default: that
   * of the project.
   */
  readonly runbook?: string | undefined;
  /** Delete consumers that hold nothing once they are this old. Default: they are kept. */
  readonly idleConsumerAge?: Duration | undefined;
  /**
   * Verify the table, a part at a time, and log what is wrong in it. This reads every item,
   * which AWS bills. Default: only when the function is invoked.
   */
  readonly verifyInterval?: Duration | undefined;
  /**
   * Write the pages of profiles on which a profile moved, from which new functions start.
   * Default: every 15 minutes. Zero: never.
   */
  readonly profilePagesInterval?: Duration | undefined;
  /**
   * Run the canary, which claims and releases on a provider of its own: docs/monitoring.md. AWS
   * bills what it reads and writes. Default: only when the function is invoked.
   */
  readonly canaryInterval?: Duration | undefined;
}
