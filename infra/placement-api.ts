/**
 * The reusable construct: the table, a function for each operation and task, and the HTTP
 * API in front of them, all derived from the list in `functions/index.ts`.
 */
import { join } from "node:path";
import { type Duration, Stack, Token } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IAlias, IFunction } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { refuseUnrouted } from "../functions/fallback/refuse.ts";
import { operations, tasks } from "../functions/index.ts";
import { DEFAULT_CONFIGURATION } from "../lib/api/configuration.ts";
import type { AnyOperation, AnyTask } from "../lib/api/operation.ts";
import { withBundles } from "./bundles.ts";
import { type Caller, mapCallers } from "./callers.ts";
import { type CapacityProps, capacityOf, checkCapacity } from "./capacity.ts";
import { functionEnvironment, type GivenConfiguration } from "./environment.ts";
import { PlacementHttpApi } from "./http-api.ts";
import type { LogKeeping } from "./log-groups.ts";
import { checkNames } from "./names.ts";
import { PlacementFunction } from "./placement-function.ts";
import { placementTable, type TableProps } from "./placement-table.ts";
import { schedule, scheduledTasks } from "./schedules.ts";
import { DEFAULT_LIMITS, type GivenLimits, limitsFrom, OPENAPI_LIMITS } from "./throttle.ts";

const DEFINITIONS: readonly (AnyOperation | AnyTask)[] = [...operations, refuseUnrouted, ...tasks];

/** The functions' configuration (`lib/api/configuration.ts` describes it), and the stack's own. */
export interface PlacementApiProps extends GivenConfiguration, TableProps, CapacityProps {
  /**
   * Prefix of the name of every function and log group, so that callers know it:
   * `placement-allocations-replace`. Default: the stack's name.
   */
  readonly namePrefix?: string | undefined;
  /** Callers over HTTP and their roles. Default: none, so that every guarded request is refused. */
  readonly callers?: readonly Caller[] | undefined;
  /** How long all logs are kept. Default: one month. */
  readonly logRetention?: RetentionDays | undefined;
  /** Whether logs are retained when the stack or a function is deleted. Default: they are deleted. */
  readonly retainLogs?: boolean | undefined;
  /** Of each route; beyond them, the answer is 429. Default: 500 a second, and bursts of 1,000. */
  readonly throttle?: GivenLimits | undefined;
  /** Of `GET /openapi.json`, which needs no authorization. Default: 5 a second, and bursts of 10. */
  readonly openApiThrottle?: GivenLimits | undefined;
  /** Delete consumers that hold nothing once they are this old. Default: they are kept. */
  readonly idleConsumerAge?: Duration | undefined;
  /**
   * Verify the table, a part at a time, and log what is wrong in it. This reads every item,
   * which AWS bills. Default: only when the function is invoked.
   */
  readonly verifyInterval?: Duration | undefined;
}

export class PlacementApi extends Construct {
  readonly table: ITable;
  readonly http: PlacementHttpApi;
  readonly #functions: ReadonlyMap<string, PlacementFunction>;

  /** @throws BadSettings before anything is bundled, Error if the stack has no name yet */
  constructor(scope: Construct, id: string, props: PlacementApiProps = {}) {
    super(scope, id);
    const name = props.namePrefix ?? concreteName(this);
    checkNames(name, DEFINITIONS);
    checkCapacity(props);
    const throttle = limitsFrom("throttle", props.throttle, DEFAULT_LIMITS);
    const openApiThrottle = limitsFrom("openApiThrottle", props.openApiThrottle, OPENAPI_LIMITS);
    const scheduled = scheduledTasks(props);
    const retention = props.logRetention ?? RetentionDays.ONE_MONTH;
    const logs = { retention, retain: props.retainLogs ?? false };
    this.table = placementTable(this, props);
    this.#functions = this.#makeFunctions(props, name, logs);
    const aliases = aliasesForHttp(this.#functions);
    this.http = new PlacementHttpApi(this, "Http", {
      name,
      logs,
      throttle,
      openApiThrottle,
      aliases,
    });
    for (const operation of [...operations, refuseUnrouted]) this.http.addOperation(operation);
    if (props.corsOrigins !== undefined && props.corsOrigins.length > 0) {
      this.http.addPreflight(refuseUnrouted);
    }
    for (const run of scheduled) schedule(this, run, this.task(run.task.id));
  }

  /** The API's URL, without a trailing slash. */
  get url(): string {
    return this.http.api.apiEndpoint;
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

  /** Lets `grantee` send requests through API Gateway; `callers` determines what they may do. */
  grantCall(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ["execute-api:Invoke"],
      resourceArns: [this.http.api.arnForExecuteApi("*", "/*", "$default")],
      scope: this,
    });
  }

  #makeFunctions(props: PlacementApiProps, namePrefix: string, logs: LogKeeping) {
    const environment = functionEnvironment({
      tableName: this.table.tableName,
      callers: mapCallers(this, props.callers ?? []),
      configuration: configurationOf(props),
    });
    const scope = new Construct(this, "Functions");
    const make = (definition: AnyOperation | AnyTask, codeFolder: string) =>
      new PlacementFunction(scope, {
        definition,
        codeFolder,
        namePrefix,
        table: this.table,
        encryptionKey: props.encryptionKey,
        environment,
        logs,
        capacity: capacityOf(definition, props),
      });
    const ids = DEFINITIONS.map(({ id }) => id);
    return withBundles(ids, (folder) => {
      return new Map(
        DEFINITIONS.map((definition) => {
          return [definition.id, make(definition, join(folder, definition.id))];
        }),
      );
    });
  }
}

function aliasesForHttp(functions: ReadonlyMap<string, PlacementFunction>): Map<string, IAlias> {
  const entries = [...functions].flatMap(([id, { http }]): [string, IAlias][] =>
    http === undefined ? [] : [[id, http]],
  );
  return new Map(entries);
}

function configurationOf(props: PlacementApiProps): GivenConfiguration {
  const entries = Object.entries(props).filter(([name]) =>
    Object.hasOwn(DEFAULT_CONFIGURATION, name),
  );
  return Object.fromEntries(entries);
}

function concreteName(scope: Construct): string {
  const name = Stack.of(scope).stackName;
  if (Token.isUnresolved(name)) throw new Error("the stack has no name yet: give a namePrefix");
  return name;
}
