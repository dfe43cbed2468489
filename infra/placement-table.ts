/** The table that keeps everything: its shape is `lib/store`'s, its protection is decided here. */
import { RemovalPolicy } from "aws-cdk-lib";
import {
  type Attribute,
  AttributeType,
  BillingMode,
  type ITable,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { TABLE_SCHEMA } from "../lib/store/table-schema.ts";

const TYPES = { S: AttributeType.STRING } as const;

const key = (name: string): Attribute => ({ name, type: TYPES[TABLE_SCHEMA.keyType] });

/**
 * On demand, with point-in-time recovery, encrypted with a key of KMS, protected
 * against deletion, and kept when the stack goes.
 */
export function placementTable(scope: Construct, encryptionKey: IKey | undefined): ITable {
  const table = new Table(scope, "Table", {
    partitionKey: key(TABLE_SCHEMA.partitionKey),
    sortKey: key(TABLE_SCHEMA.sortKey),
    timeToLiveAttribute: TABLE_SCHEMA.timeToLive,
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    ...(encryptionKey === undefined
      ? { encryption: TableEncryption.AWS_MANAGED }
      : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
  });
  // Its stream's ARN is undefined: there is no stream, and nothing asks for one.
  return table as ITable;
}
