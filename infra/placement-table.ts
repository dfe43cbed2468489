/** The table: `lib/store` determines its schema, this file its protection. */
import { RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  type Attribute,
  AttributeType,
  Billing,
  CfnGlobalTable,
  ContributorInsightsMode,
  type ITable,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct, type IConstruct } from "constructs";
import { TABLE_SCHEMA } from "../lib/store/table/table-schema.ts";
import { BadSettings } from "./bad-settings.ts";
import { checkBounds, STACK_BOUNDS } from "./bounds.ts";

const TYPES = { S: AttributeType.STRING } as const;

/** What CloudWatch counts by key: throttled accesses, or all. */
export const INSIGHTS = {
  throttled: ContributorInsightsMode.THROTTLED_KEYS,
  all: ContributorInsightsMode.ACCESSED_AND_THROTTLED_KEYS,
} as const;

export const NO_REPLICAS =
  "the table has no replicas, since DynamoDB's transactions are atomic in one region only";

/** Units a second that the table is ready for from the start. */
export interface WarmThroughput {
  readonly reads?: number | undefined;
  readonly writes?: number | undefined;
}

export interface TableProps {
  /** A table to use, for example a restored one. Default: the construct makes one. */
  readonly table?: ITable | undefined;
  /** The key that encrypts the table. Default: the account's own key for DynamoDB. */
  readonly encryptionKey?: IKey | undefined;
  /** CloudWatch's contributor insights, which show hot keys and are billed. Default: none. */
  readonly contributorInsights?: keyof typeof INSIGHTS | undefined;
  /** Default: that of a new table, 12,000 reads and 4,000 writes. It can never be lowered. */
  readonly warmThroughput?: WarmThroughput | undefined;
}

export interface TableOptions extends TableProps {
  /** Whether a new table has a stream of its changes. */
  readonly streamed: boolean;
}

/** @throws BadSettings if an existing table is given together with settings of a new one */
export function placementTable(scope: Construct, props: TableOptions): ITable {
  const { table, contributorInsights, warmThroughput } = props;
  if (table !== undefined && (contributorInsights ?? warmThroughput) !== undefined) {
    throw new BadSettings(
      "contributorInsights and warmThroughput are for a table that the stack makes: set them up where the given table is made",
    );
  }
  const used = table ?? newTable(scope, props);
  if (Construct.isConstruct(used)) refuseReplicas(scope, used);
  return used;
}

/**
 * On demand, with point-in-time recovery, encrypted with a key of KMS, protected
 * against deletion, and retained when the stack is deleted.
 */
function newTable(scope: Construct, props: TableOptions): ITable {
  const { encryptionKey, contributorInsights, warmThroughput, streamed } = props;
  const key = (name: string): Attribute => ({ name, type: TYPES[TABLE_SCHEMA.keyType] });
  const table = new TableV2(scope, "Table", {
    partitionKey: key(TABLE_SCHEMA.partitionKey),
    sortKey: key(TABLE_SCHEMA.sortKey),
    timeToLiveAttribute: TABLE_SCHEMA.timeToLive,
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    encryption: TableEncryptionV2.awsManagedKey(),
    ...(streamed ? { dynamoStream: StreamViewType.NEW_IMAGE } : {}),
    ...(contributorInsights === undefined
      ? {}
      : {
          contributorInsightsSpecification: { enabled: true, mode: INSIGHTS[contributorInsights] },
        }),
    ...(warmThroughput === undefined ? {} : { warmThroughput: warmUnits(warmThroughput) }),
  });
  if (encryptionKey !== undefined) {
    // The CDK's own property needs a stack with a fixed region; this one has none.
    const key = { KMSMasterKeyId: encryptionKey.keyArn };
    resourceOf(table).addPropertyOverride("Replicas.0.SSESpecification", key);
  }
  // Without a stream, its ARN is undefined.
  return table as ITable;
}

function resourceOf(table: TableV2): CfnGlobalTable {
  const resource = table.node.defaultChild;
  if (!(resource instanceof CfnGlobalTable)) throw new Error("the table has no resource");
  return resource;
}

/** A value that is absent is that of a new table. */
function warmUnits({ reads, writes }: WarmThroughput) {
  const { warmReads, warmWrites } = STACK_BOUNDS;
  checkBounds("warmThroughput.reads", reads, warmReads);
  checkBounds("warmThroughput.writes", writes, warmWrites);
  return {
    readUnitsPerSecond: reads ?? warmReads.min,
    writeUnitsPerSecond: writes ?? warmWrites.min,
  };
}

/** Refuses replicas of a table that the app creates; those of other tables are not visible here. */
function refuseReplicas(scope: Construct, table: IConstruct): void {
  scope.node.addValidation({
    validate: () => {
      const made = table.node.findAll().filter((child) => child instanceof CfnGlobalTable);
      const regions = made.flatMap((child) => Stack.of(child).resolve(child.replicas) as unknown[]);
      return regions.length > made.length ? [NO_REPLICAS] : [];
    },
  });
}
