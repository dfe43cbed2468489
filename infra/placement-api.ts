/**
 * The reusable construct: the table, a function for each operation and task, and the
 * endpoints in front of them, all derived from the list in `functions/index.ts`.
 */
import type { IAlarm, Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IAlias, IFunction } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { feedEvents } from "../functions/maintenance/feed-events.ts";
import { mapCallers } from "./callers.ts";
import { checkCapacity } from "./capacity.ts";
import { checkEndpoints } from "./endpoints/check.ts";
import type { Endpoint } from "./endpoints/endpoint.ts";
import { Endpoints } from "./endpoints/endpoints.ts";
import { DEFAULT_ENDPOINTS, type EndpointKind } from "./endpoints/props.ts";
import { functionEnvironment, givenConfiguration } from "./environment.ts";
import { EventFeed } from "./event-feed.ts";
import { isFed } from "./feed-settings.ts";
import { CLAIM_OPERATIONS, READ_OPERATIONS } from "./grants.ts";
import { type Observed, observedParts } from "./monitoring/observed.ts";
import { checkNames, concreteName } from "./names.ts";
import type { PlacementApiProps } from "./placement-api-props.ts";
import type { PlacementFunction } from "./placement-function.ts";
import { DEFINITIONS, PlacementFunctions } from "./placement-functions.ts";
import { placementTable } from "./placement-table.ts";
import { type Rollout, rolloutOf } from "./rollout.ts";
import { schedule, scheduledTasks } from "./schedules.ts";
import { DEFAULT_LIMITS, limitsFrom, OPENAPI_LIMITS } from "./throttle.ts";

export class PlacementApi extends Construct {
  readonly table: ITable;
  /** What `PlacementMonitoring` looks at. */
  readonly observed: Observed;
  readonly #functions: ReadonlyMap<string, PlacementFunction>;
  readonly #endpoints: Endpoints;
  /** Undefined: no events are fed. */
  readonly #feed: EventFeed | undefined;
  /** Undefined: all at once. */
  readonly #rollout: Rollout | undefined;

  /** @throws BadSettings before anything is bundled, Error if the stack has no name yet */
  constructor(scope: Construct, id: string, props: PlacementApiProps = {}) {
    super(scope, id);
    const name = props.namePrefix ?? concreteName(this);
    const endpoints = props.endpoints ?? DEFAULT_ENDPOINTS;
    checkNames(name, DEFINITIONS);
    checkCapacity(props);
    checkEndpoints(endpoints);
    const throttle = limitsFrom("throttle", props.throttle, DEFAULT_LIMITS);
    const openApiThrottle = limitsFrom("openApiThrottle", props.openApiThrottle, OPENAPI_LIMITS);
    const scheduled = scheduledTasks(props);
    const observed = observedParts(name, props);
    const logs = {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      retain: props.retainLogs ?? false,
      logClass: props.logClass ?? "standard",
    };
    const fed = isFed(props);
    this.table = placementTable(this, { ...props, streamed: fed });
    const { table } = this;
    this.#feed = fed ? new EventFeed(this, "Events", { name, table }) : undefined;
    const environment = functionEnvironment({
      tableName: this.table.tableName,
      callers: mapCallers(this, props.callers ?? []),
      configuration: givenConfiguration(fed ? props : { ...props, events: false }),
      keystoneUrl: endpoints.find((endpoint) => endpoint.kind === "keystone")?.url,
      stack: observed.metrics ? name : undefined,
    });
    const functions = new PlacementFunctions(this, "Functions", {
      namePrefix: name,
      table: this.table,
      encryptionKey: props.encryptionKey,
      environment,
      logs,
      capacity: props,
      tracing: props.tracing ?? false,
      endpoints,
      feeder: this.#feed?.extras,
    });
    this.#functions = functions.byId;
    const { aliases, authorizers } = functions;
    const browsers = (props.corsOrigins ?? []).length > 0;
    const shared = { name, logs, throttle, openApiThrottle, aliases, authorizers };
    this.#endpoints = new Endpoints(this, "Http", { ...shared, endpoints, browsers });
    this.#rollout = rolloutOf(this, name, props, [...functions.byId.values()]);
    this.#feed?.feedBy(this.task(feedEvents.id));
    for (const run of scheduled) schedule(this, run, this.task(run.task.id));
    const feed = this.#feed?.failuresName;
    this.observed = { ...observed, table, endpoints: this.endpoints, failures: feed };
  }

  /** The endpoints in the order in which they were given. */
  get endpoints(): readonly Endpoint[] {
    return [...this.#endpoints.byKind.values()];
  }

  /** @throws Error if there is none of this kind */
  endpoint(kind: EndpointKind): Endpoint {
    return this.#endpoints.get(kind);
  }

  /** The URL of the first endpoint, without a trailing slash. */
  get url(): string {
    return this.endpoints[0]?.url ?? "";
  }

  /** The bus on which every event is put. @throws Error if no events are fed */
  get eventBus(): IEventBus {
    if (this.#feed === undefined) throw new Error("there is no bus: no events are fed");
    return this.#feed.bus as IEventBus;
  }

  /**
   * What other Lambda functions invoke: `direct("allocations/replace").grantInvoke(scheduler)`
   * names this alias alone. A right on a pattern, such as `:*` after the function's ARN (which the
   * CDK's grants on a function add), reaches the alias `http` as well, on which the invoker states
   * who is calling; one on the function itself runs `$LATEST`, which deployments change first.
   *
   * @throws Error if there is no operation of that id
   */
  direct(id: string): IAlias {
    const alias = this.#functions.get(id)?.direct;
    if (alias === undefined) throw new Error(`no operation has the id ${id}`);
    return alias;
  }

  /** @throws Error if there is no task of that id */
  task(id: string): IFunction {
    const found = this.#functions.get(id);
    if (found === undefined || found.http !== undefined) {
      throw new Error(`no task has the id ${id}`);
    }
    return found.function;
  }

  /**
   * Lets `grantee` send signed requests; `callers` determines what they may do.
   *
   * @throws Error for endpoints whose callers carry tokens: IAM has no say there
   */
  grantCall(grantee: IGrantable, kind: EndpointKind = "iam"): Grant {
    if (kind !== "iam") throw new Error(`callers of the ${kind} endpoint need a token, no grant`);
    return Grant.addToPrincipal({
      grantee,
      actions: ["execute-api:Invoke"],
      resourceArns: [this.endpoint(kind).api.callArn],
    });
  }

  /** Lets `grantee` invoke operations directly, with the roles in `directRoles`. */
  grantDirect(ids: string | readonly string[], grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ["lambda:InvokeFunction"],
      resourceArns: [ids].flat().map((id) => this.direct(id).functionArn),
    });
  }

  /** Lets `grantee` find room, claim, look at, move and release claims, by direct invocation. */
  grantClaim(grantee: IGrantable): Grant {
    return this.grantDirect(CLAIM_OPERATIONS, grantee);
  }

  /** Lets `grantee` invoke every operation that reads directly. */
  grantRead(grantee: IGrantable): Grant {
    return this.grantDirect(READ_OPERATIONS, grantee);
  }

  /**
   * Takes a gradual rollout back on these alarms too; without one, does nothing.
   *
   * @throws BadSettings if these are more than a deployment group takes
   */
  rollBackOn(alarms: readonly IAlarm[]): void {
    this.#rollout?.rollBackOn(alarms);
  }

  /** Invocations of an operation's or task's function, over HTTP and directly. */
  metricCount(id: string, options?: MetricOptions): Metric {
    return this.#function(id).metricInvocations(options);
  }

  /** Invocations that ended without an answer. Refusals are answers: see the endpoints' metrics. */
  metricErrors(id: string, options?: MetricOptions): Metric {
    return this.#function(id).metricErrors(options);
  }

  /** Invocations that Lambda refused, beyond the concurrency of the function or the account. */
  metricThrottles(id: string, options?: MetricOptions): Metric {
    return this.#function(id).metricThrottles(options);
  }

  /** Milliseconds that invocations took, the 99th percentile unless `options` say otherwise. */
  metricLatency(id: string, options?: MetricOptions): Metric {
    return this.#function(id).metricDuration({ statistic: "p99", ...options });
  }

  #function(id: string): IFunction {
    const found = this.#functions.get(id);
    if (found === undefined) throw new Error(`no operation or task has the id ${id}`);
    return found.function;
  }
}
