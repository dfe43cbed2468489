/** How a stack feeds events: what its stream invokes, with which records, and what is left out without them. */
import { App } from "aws-cdk-lib";
import { DISABLE_ASSET_STAGING_CONTEXT } from "aws-cdk-lib/cx-api";
import { describe, expect, it, test } from "vitest";
import { releasedStack } from "../../examples/events-to-queue.ts";
import { feedEvents } from "../../functions/maintenance/feed-events.ts";
import { BadSettings } from "../../infra/bad-settings.ts";
import { type Assembly, type Resource, referred, useAssemblies } from "./support/assembly.ts";

const assemblies = useAssemblies();
const stackWith = (settings: Readonly<Record<string, unknown>>) =>
  assemblies(settings, { templateOnly: true });
const STREAM =
  "arn:aws:dynamodb:eu-west-1:123456789012:table/restored/stream/2026-01-01T00:00:00.000";

const plain = stackWith({});

const NAME = `placement-${feedEvents.id.replaceAll("/", "-")}`;

function functionNamed(assembly: Assembly, name: string): readonly [id: string, made: Resource] {
  const found = assembly
    .ofType("AWS::Lambda::Function")
    .find(([, { Properties }]) => Properties.FunctionName === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

describe("by default", () => {
  const mapping = plain.only("AWS::Lambda::EventSourceMapping").Properties;
  const [table = ""] = plain.ofType("AWS::DynamoDB::GlobalTable").map(([id]) => id);
  const [bus = ""] = plain.ofType("AWS::Events::EventBus").map(([id]) => id);
  const [queue = ""] = plain.ofType("AWS::SQS::Queue").map(([id]) => id);

  it("the table's stream has new images, and invokes the function with events alone", () => {
    const { StreamSpecification } = plain.only("AWS::DynamoDB::GlobalTable").Properties;
    expect(StreamSpecification).toEqual({ StreamViewType: "NEW_IMAGE" });
    expect(referred(mapping.FunctionName)).toBe(functionNamed(plain, NAME)[0]);
    expect(mapping.EventSourceArn).toEqual({ "Fn::GetAtt": [table, "StreamArn"] });
    expect(
      mapping.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern)),
    ).toEqual([
      {
        eventName: ["INSERT", "MODIFY"],
        dynamodb: {
          NewImage: {
            pk: { S: [{ prefix: "EVENT#" }] },
            mark: { M: { c: { S: [{ exists: false }] } } },
          },
        },
      },
    ]);
  });

  it("a batch that fails is halved, tried a bounded number of times, and put aside", () => {
    expect(mapping).toMatchObject({
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 100,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 20,
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": [queue, "Arn"] } } },
    });
    expect(plain.only("AWS::SQS::Queue").Properties).toMatchObject({
      QueueName: "placement-events-not-fed",
      MessageRetentionPeriod: 1_209_600,
    });
  });

  it("the function may read the stream, put events on the bus, and tell what it could not", () => {
    const [, made] = functionNamed(plain, NAME);
    const role = plain.resources[referred(made.Properties.Role)] as Resource;
    const [, , ...more] = role.Properties.Policies[0].PolicyDocument.Statement;
    expect(more).toEqual([
      {
        Effect: "Allow",
        Action: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
        Resource: { "Fn::GetAtt": [table, "StreamArn"] },
      },
      {
        Effect: "Allow",
        Action: "dynamodb:ListStreams",
        Resource: { "Fn::Join": ["", [{ "Fn::GetAtt": [table, "Arn"] }, "/stream/*"]] },
      },
      { Effect: "Allow", Action: "sqs:SendMessage", Resource: { "Fn::GetAtt": [queue, "Arn"] } },
      { Effect: "Allow", Action: "events:PutEvents", Resource: { "Fn::GetAtt": [bus, "Arn"] } },
    ]);
    expect(made.Properties.Environment.Variables.EVENT_BUS).toEqual({ Ref: bus });
    expect(plain.only("AWS::Events::EventBus").Properties.Name).toBe("placement");
  });

  it("ten may wait for events, in a concurrency of their own", () => {
    const reserved = (settings: object) =>
      functionNamed(stackWith({ ...settings }), "placement-events-follow")[1].Properties
        .ReservedConcurrentExecutions;
    expect(functionNamed(plain, "placement-events-follow")[1].Properties).toMatchObject({
      ReservedConcurrentExecutions: 10,
    });
    expect(reserved({ eventWaiters: 40 })).toBe(40);
    expect(reserved({ eventWaiters: 0 })).toBeUndefined();
    expect(() => stackWith({ eventWaiters: -1 })).toThrow(BadSettings);
  });
});

test.each([
  ["events: false", { events: false }],
  ["no history", { historyDays: 0 }],
  ["a table without its stream", { tableName: "restored" }],
])("with %s there is no stream, no bus and no queue, and GET /events is refused", (_, settings) => {
  const assembly = stackWith(settings);
  for (const type of ["Lambda::EventSourceMapping", "Events::EventBus", "SQS::Queue"]) {
    expect(assembly.ofType(`AWS::${type}`)).toEqual([]);
  }
  for (const [, { Properties }] of assembly.ofType("AWS::DynamoDB::GlobalTable")) {
    expect(Properties).not.toHaveProperty("StreamSpecification");
  }
  const [, made] = functionNamed(assembly, "placement-events-follow");
  expect(made.Properties.Environment.Variables.PLACEMENT_EVENTS).toBe("false");
  expect(() => assembly.stack.placement.eventBus).toThrow("no events are fed");
});

test("a rule on the bus, as in the example", () => {
  const app = new App({ context: { [DISABLE_ASSET_STAGING_CONTEXT]: true } });
  const stack = releasedStack(app);
  const { Resources } = app.synth().getStackByName(stack.stackName).template;
  const rules = Object.values<Resource>(Resources).filter(
    ({ Properties }) => Properties?.EventPattern,
  );
  expect(rules.map(({ Properties }) => Properties)).toEqual([
    {
      EventBusName: { Ref: expect.stringContaining("PlacementEventsBus") },
      EventPattern: {
        source: ["serverless-placement"],
        "detail-type": ["placement.allocation.delete"],
        detail: { cause: ["lease_expired"] },
      },
      State: "ENABLED",
      Targets: [expect.objectContaining({ DeadLetterConfig: expect.anything() })],
    },
  ]);
});

test("a table that is given with its stream feeds events", () => {
  const assembly = stackWith({ tableName: "restored", tableStreamArn: STREAM });
  const { EventSourceArn } = assembly.only("AWS::Lambda::EventSourceMapping").Properties;
  expect(EventSourceArn).toBe(STREAM);
});

test("events that cannot be fed are refused where they are asked for", () => {
  expect(() => stackWith({ events: true, historyDays: 0 })).toThrow("events need a history");
  expect(() => stackWith({ events: true, tableName: "restored" })).toThrow("set tableStreamArn");
});
