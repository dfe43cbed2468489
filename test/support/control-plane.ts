/**
 * DynamoDB's calls on tables themselves, as AWS's documents describe them: the embedded engine
 * has none of them. Restored tables are made on the engine, with the items of the moment.
 */
import {
  ContinuousBackupsUnavailableException,
  CreateTableCommand,
  DynamoDBServiceException,
  ResourceInUseException,
  ResourceNotFoundException,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Changes, ControlPlane, Looks } from "../../lib/local/restore/control-plane.ts";
import { TABLE_SCHEMA } from "../../lib/store/table/table-schema.ts";
import type { Item } from "./api.ts";
import { seedItems } from "./seeded.ts";

const ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/";
const DEFAULT_INSIGHTS = "ACCESSED_AND_THROTTLED_KEYS";
/** Looks until a table that is created or changed is active. */
const LOOKS = 2;

export interface FakeTable {
  looks: number;
  description: TableDescription;
  recoveryDays?: number | undefined;
  timeToLive?: string | undefined;
  tags: { Key: string; Value: string }[];
  insights?: "ACCESSED_AND_THROTTLED_KEYS" | "THROTTLED_KEYS" | undefined;
  /** Refusals before point-in-time recovery can be switched on. */
  unavailable: number;
}

export const EARLIEST = new Date("2026-01-01T00:00:00Z");
export const LATEST = new Date("2026-01-31T00:00:00Z");

export class FakeControlPlane implements ControlPlane {
  readonly tables = new Map<string, FakeTable>();
  /** The changes that were made, in their order. */
  readonly made: { readonly call: string; readonly input: object }[] = [];
  /** Called before a change; may throw. */
  before: (call: string) => void = () => {};
  readonly #client: DynamoDBDocumentClient;
  readonly #itemsAt: () => readonly Item[];

  /** @param itemsAt the items of the moment to which tables are restored */
  constructor(client: DynamoDBDocumentClient, itemsAt: () => readonly Item[]) {
    this.#client = client;
    this.#itemsAt = itemsAt;
  }

  add(name: string, given: Partial<FakeTable> = {}, more: TableDescription = {}): FakeTable {
    const description = { TableName: name, TableArn: `${ARN}${name}`, ...more };
    const table = { looks: 0, tags: [], unavailable: 0, description, ...given };
    this.tables.set(name, table);
    return table;
  }

  #table(name: string | undefined): FakeTable {
    const found = this.tables.get(String(name).replace(ARN, ""));
    if (found !== undefined) return found;
    throw new ResourceNotFoundException({ message: `no table ${name}`, $metadata: {} });
  }

  async look<C extends keyof Looks>(
    call: C,
    input: Looks[C]["input"],
  ): Promise<Looks[C]["answer"]> {
    const answers: { [K in keyof Looks]: (table: FakeTable) => Looks[K]["answer"] } = {
      DescribeTable: (table) => {
        const TableStatus = table.looks > 0 ? "UPDATING" : "ACTIVE";
        table.looks = Math.max(0, table.looks - 1);
        return { Table: { ...table.description, TableStatus } };
      },
      DescribeContinuousBackups: ({ recoveryDays: RecoveryPeriodInDays }) => ({
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: "ENABLED",
          PointInTimeRecoveryDescription: {
            PointInTimeRecoveryStatus: RecoveryPeriodInDays === undefined ? "DISABLED" : "ENABLED",
            RecoveryPeriodInDays,
            EarliestRestorableDateTime: EARLIEST,
            LatestRestorableDateTime: LATEST,
          },
        },
      }),
      DescribeTimeToLive: ({ timeToLive: AttributeName }) => ({
        TimeToLiveDescription: {
          TimeToLiveStatus: AttributeName === undefined ? "DISABLED" : "ENABLED",
          AttributeName,
        },
      }),
      DescribeContributorInsights: ({ insights }) => ({
        ContributorInsightsStatus: insights === undefined ? "DISABLED" : "ENABLED",
        ContributorInsightsMode: insights,
      }),
      ListTagsOfResource: ({ tags }) => tagPage(tags, input),
    };
    const { TableName, ResourceArn } = input as { TableName?: string; ResourceArn?: string };
    return answers[call](this.#table(TableName ?? ResourceArn));
  }

  async change<C extends keyof Changes>(call: C, input: Changes[C]["input"]): Promise<void> {
    this.before(call);
    const changes: { [K in keyof Changes]: (given: Changes[K]["input"]) => Promise<void> | void } =
      {
        RestoreTableToPointInTime: (given) => this.#restore(given),
        UpdateContinuousBackups: (given) => {
          const table = this.#table(given.TableName);
          table.unavailable -= 1;
          if (table.unavailable >= 0) throw unavailable();
          const { PointInTimeRecoverySpecification: specification } = given;
          table.recoveryDays = specification?.RecoveryPeriodInDays ?? 35;
        },
        UpdateTable: (given) => this.#update(given),
        UpdateTimeToLive: (given) => {
          const table = this.#table(given.TableName);
          if (table.timeToLive !== undefined) throw invalid("TimeToLive is already enabled");
          table.timeToLive = given.TimeToLiveSpecification?.AttributeName;
        },
        TagResource: ({ ResourceArn, Tags = [] }) => {
          const keys = Tags.map(({ Key }) => Key);
          if (keys.some((key) => key?.startsWith("aws:"))) throw invalid("a tag of AWS");
          const table = this.#table(ResourceArn);
          table.tags = [
            ...table.tags.filter(({ Key }) => !keys.includes(Key)),
            ...Tags.map(({ Key = "", Value = "" }) => ({ Key, Value })),
          ];
        },
        UpdateContributorInsights: (given) => {
          this.#table(given.TableName).insights = given.ContributorInsightsMode ?? DEFAULT_INSIGHTS;
        },
      };
    await changes[call](input);
    this.made.push({ call, input });
  }

  async #restore(given: Changes["RestoreTableToPointInTime"]["input"]): Promise<void> {
    const { SourceTableName, TargetTableName: TableName = "", RestoreDateTime = LATEST } = given;
    const source = this.#table(SourceTableName).description;
    if (this.tables.has(TableName)) throw invalid(`Table already exists: ${TableName}`);
    const { partitionKey, sortKey, keyType } = TABLE_SCHEMA;
    await this.#client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [partitionKey, sortKey].map((AttributeName) => {
          return { AttributeName, AttributeType: keyType };
        }),
        KeySchema: [
          { AttributeName: partitionKey, KeyType: "HASH" },
          { AttributeName: sortKey, KeyType: "RANGE" },
        ],
      }),
    );
    await seedItems({ client: this.#client, tableName: TableName }, this.#itemsAt());
    const { SSESpecificationOverride: override } = given;
    const key = override?.KMSMasterKeyId;
    this.add(
      TableName,
      { looks: LOOKS, unavailable: 1 },
      {
        ...(key === undefined ? {} : { SSEDescription: { SSEType: "KMS", KMSMasterKeyArn: key } }),
        RestoreSummary: {
          SourceTableArn: source.TableArn,
          RestoreDateTime,
          RestoreInProgress: false,
        },
      },
    );
  }

  #update(given: Changes["UpdateTable"]["input"]): void {
    const table = this.#table(given.TableName);
    if (table.looks > 0) {
      throw new ResourceInUseException({ message: "it is being updated", $metadata: {} });
    }
    const { DeletionProtectionEnabled, StreamSpecification } = given;
    if (StreamSpecification !== undefined && table.description.StreamSpecification !== undefined) {
      throw invalid(`Table already has an enabled stream: TableName: ${given.TableName}`);
    }
    table.looks = LOOKS;
    table.description = {
      ...table.description,
      ...(DeletionProtectionEnabled === undefined ? {} : { DeletionProtectionEnabled }),
      ...(StreamSpecification === undefined
        ? {}
        : { StreamSpecification, LatestStreamArn: streamArnOf(table.description) }),
    };
  }
}

/** One tag at a time. */
function tagPage(tags: FakeTable["tags"], input: object): Looks["ListTagsOfResource"]["answer"] {
  const from = "NextToken" in input ? Number(input.NextToken) : 0;
  const next = from + 1 < tags.length ? { NextToken: String(from + 1) } : {};
  return { Tags: tags.slice(from, from + 1), ...next };
}

const invalid = (message: string) =>
  new DynamoDBServiceException({
    name: "ValidationException",
    message,
    $fault: "client",
    $metadata: {},
  });

const unavailable = () =>
  new ContinuousBackupsUnavailableException({ message: "not yet", $metadata: {} });

const streamArnOf = ({ TableArn: arn }: Pick<TableDescription, "TableArn">) =>
  `${arn}/stream/2026-01-31T12:00:00.000`;
