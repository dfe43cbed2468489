/**
 * How events get into the feed and onto a bus: the table's stream invokes a function with those
 * records alone that show an event, and what it cannot feed however often goes to a queue.
 */
import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { EventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { EVENT } from "../lib/store/items/event.ts";
import { INTENT_CHANGE } from "../lib/store/table/expressions.ts";
import { QUEUE_REASONS, streamReasons } from "./reasons.ts";

/** Records of one invocation. */
const BATCH_SIZE = 100;
/** Of a batch that fails, which is halved each time. */
const RETRIES = 20;
const KEPT = Duration.days(14);

/** What the function needs beside the table. */
export interface FeederExtras {
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
}

const [INTENT, ID] = INTENT_CHANGE;

/** An image with a write intent is of a large change that is not carried out yet: it comes once more. */
export const EVENTS_ONLY = {
  eventName: FilterRule.or("INSERT", "MODIFY"),
  dynamodb: {
    NewImage: {
      pk: { S: FilterRule.beginsWith(`${EVENT}#`) },
      [INTENT]: { M: { [ID]: { S: FilterRule.notExists() } } },
    },
  },
};

export class EventFeed extends Construct {
  /** On which every event is put, for rules of whoever wants to know. */
  readonly bus: EventBus;
  /** Places in the stream whose records could not be fed. */
  readonly failures: Queue;
  readonly failuresName: string;
  readonly #table: ITable;
  readonly #streamArn: string;

  /** @throws Error if the table has no stream */
  constructor(scope: Construct, id: string, { name, table }: { name: string; table: ITable }) {
    super(scope, id);
    if (table.tableStreamArn === undefined) throw new Error("the table has no stream");
    this.#table = table;
    this.#streamArn = table.tableStreamArn;
    this.bus = new EventBus(this, "Bus", {
      eventBusName: name,
      description: "What is changed in the Placement API",
    });
    this.failuresName = `${name}-events-not-fed`;
    this.failures = new Queue(this, "Failures", {
      queueName: this.failuresName,
      enforceSSL: true,
      retentionPeriod: KEPT,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.failures).acknowledge(...QUEUE_REASONS);
  }

  get extras(): FeederExtras {
    const statement = (actions: string[], ...resources: string[]) =>
      new PolicyStatement({ actions, resources });
    return {
      environment: { EVENT_BUS: this.bus.eventBusName },
      statements: [
        statement(
          ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
          this.#streamArn,
        ),
        // Its name holds the time of its making, so that no stream can be named.
        statement(["dynamodb:ListStreams"], `${this.#table.tableArn}/stream/*`),
        statement(["sqs:SendMessage"], this.failures.queueArn),
        statement(["events:PutEvents"], this.bus.eventBusArn),
      ],
    };
  }

  /** @param feeder has `extras` */
  feedBy(feeder: IFunction): void {
    new EventSourceMapping(this, "Stream", {
      target: feeder,
      eventSourceArn: this.#streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH_SIZE,
      // Of one subject at a time: another order would be another history.
      parallelizationFactor: 1,
      bisectBatchOnError: true,
      retryAttempts: RETRIES,
      filters: [FilterCriteria.filter(EVENTS_ONLY)],
      // Not by the CDK's class, which would add a policy of its own.
      onFailure: { bind: () => ({ destination: this.failures.queueArn }) },
    });
    const arn = nagText(Stack.of(this).resolve(this.#table.tableArn));
    Validations.of(feeder.node.scope ?? feeder).acknowledge(...streamReasons(arn));
  }
}

/** References as cdk-nag writes them: `<Table.Arn>`, `<AWS::Region>`. */
function nagText(value: unknown): string {
  if (typeof value === "string") return value;
  const { Ref: ref, "Fn::GetAtt": attribute, "Fn::Join": join } = value as Intrinsic;
  if (ref !== undefined) return `<${ref}>`;
  if (attribute !== undefined) return `<${attribute.join(".")}>`;
  return (join?.[1] ?? []).map(nagText).join(join?.[0] ?? "");
}

interface Intrinsic {
  readonly Ref?: string;
  readonly "Fn::GetAtt"?: readonly string[];
  readonly "Fn::Join"?: readonly [string, readonly unknown[]];
}
