/**
 * The reusable construct: the table, a function per operation and task, and the
 * HTTP API in front of them, all made from the list in `functions/index.ts`.
 */
import { join } from "node:path";
import { type Duration, Stack, Token } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { refuseUnrouted } from "../functions/fallback/refuse.ts";
import { operations, tasks } from "../functions/index.ts";
import { DEFAULT_CONFIGURATION } from "../lib/api/configuration.ts";
import type { AnyOperation, AnyTask } from "../lib/api/operation.ts";
import { withBundles } from "./bundles.ts";
import { type Caller, mapCallers } from "./callers.ts";
import { functionEnvironment, type GivenConfiguration } from "./environment.ts";
import { PlacementHttpApi, type Throttle } from "./http-api.ts";
import { PlacementFunction } from "./placement-function.ts";
import { placementTable } from "./placement-table.ts";
import { schedule, scheduledTasks } from "./schedules.ts";

const DEFAULT_MEMORY = 1_024;
const DEFAULT_RATE = 500;
const DEFAULT_BURST = 1_000;

/** The functions' configuration (`lib/api/configuration.ts` describes it), and the stack's own. */
export interface PlacementApiProps extends GivenConfiguration {
  /**
   * Begins the name of every function and log group, so that callers know them:
   * `placement-allocations-replace`. Default: the stack's name.
   */
  readonly namePrefix?: string | undefined;
  /** Who may do what over HTTP. Default: nobody has a role, so nobody may do anything. */
  readonly callers?: readonly Caller[] | undefined;
  /** A table to use, for example a restored one. Default: the construct makes one. */
  readonly table?: ITable | undefined;
  /** The key that encrypts the table. Default: the account's own key for DynamoDB. */
  readonly encryptionKey?: IKey | undefined;
  /** How long all logs are kept. Default: one month. */
  readonly logRetention?: RetentionDays | undefined;
  /** Requests a second, and at once, beyond which the answer is 429. Default: 500 and 1,000. */
  readonly throttle?: Partial<Throttle> | undefined;
  /** Megabytes of each function, which also sets its share of a processor. Default: 1,024. */
  readonly memorySize?: number | undefined;
  /** Delete consumers that hold nothing once they are this old. Default: they are kept. */
  readonly idleConsumerAge?: Duration | undefined;
  /**
   * Verify the table, a part at a time, and log what is wrong in it. It reads every item, which
   * costs. Default: only when the function is invoked.
   */
  readonly verifyInterval?: Duration | undefined;
}

export class PlacementApi extends Construct {
  readonly table: ITable;
  readonly http: PlacementHttpApi;
  /** By the id of the operation or task, for example `allocations/replace`. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;

  /** @throws BadSettings, Error if a function's name becomes too long or a caller is named twice */
  constructor(scope: Construct, id: string, props: PlacementApiProps = {}) {
    super(scope, id);
    const namePrefix = props.namePrefix ?? concreteName(this);
    const logRetention = props.logRetention ?? RetentionDays.ONE_MONTH;
    this.table = props.table ?? placementTable(this, props.encryptionKey);
    this.functions = this.#makeFunctions(props, namePrefix, logRetention);
    this.http = new PlacementHttpApi(this, "Http", {
      name: namePrefix,
      logRetention,
      throttle: {
        rateLimit: props.throttle?.rateLimit ?? DEFAULT_RATE,
        burstLimit: props.throttle?.burstLimit ?? DEFAULT_BURST,
      },
    });
    for (const operation of [...operations, refuseUnrouted]) {
      this.http.addOperation(operation, this.functionOf(operation.id));
    }
    if (props.corsOrigins !== undefined && props.corsOrigins.length > 0) {
      this.http.addPreflight(this.functionOf(refuseUnrouted.id));
    }
    for (const scheduled of scheduledTasks(props)) {
      schedule(this, scheduled, this.functionOf(scheduled.task.id));
    }
  }

  /** The API's URL, without a slash at its end. */
  get url(): string {
    return this.http.api.apiEndpoint;
  }

  /** @throws Error if nothing of that id is deployed */
  functionOf(id: string): LambdaFunction {
    const found = this.functions.get(id);
    if (found === undefined) throw new Error(`no operation or task has the id ${id}`);
    return found;
  }

  /** Lets `grantee` send requests through API Gateway; what they may do is for `callers` to say. */
  grantCall(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ["execute-api:Invoke"],
      resourceArns: [this.http.api.arnForExecuteApi("*", "/*", "$default")],
      scope: this,
    });
  }

  #makeFunctions(props: PlacementApiProps, namePrefix: string, logRetention: RetentionDays) {
    const environment = functionEnvironment({
      tableName: this.table.tableName,
      callers: mapCallers(this, props.callers ?? []),
      configuration: configurationOf(props),
    });
    const definitions = [...operations, refuseUnrouted, ...tasks];
    const scope = new Construct(this, "Functions");
    const make = (definition: AnyOperation | AnyTask, codeFolder: string) =>
      new PlacementFunction(scope, {
        definition,
        codeFolder,
        namePrefix,
        table: this.table,
        encryptionKey: props.encryptionKey,
        environment,
        logRetention,
        memorySize: props.memorySize ?? DEFAULT_MEMORY,
      }).function;
    const ids = definitions.map(({ id }) => id);
    return withBundles(ids, (folder) => {
      return new Map(
        definitions.map((definition) => {
          return [definition.id, make(definition, join(folder, definition.id))];
        }),
      );
    });
  }
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
