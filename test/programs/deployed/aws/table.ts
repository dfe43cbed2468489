/** The table of the template, on the embedded engine: empty, as CloudFormation leaves it. */
import {
  CreateTableCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { clientConfig } from "../../../../lib/local/table.ts";
import type { Template } from "../assembly/template.ts";

const tableSchema = z.object({
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) }),
  ),
  KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) })),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
});

/** @throws Error unless the template has one table */
export async function createTable(template: Template, endpoint: string): Promise<void> {
  const [table, ...others] = template.ofType("AWS::DynamoDB::GlobalTable", tableSchema);
  if (table === undefined || others.length > 0) throw new Error("the template has not one table");
  const [id, { TimeToLiveSpecification, ...keys }] = table;
  const TableName = template.names.ref(id);
  const client = new DynamoDBClient(clientConfig(endpoint, {}));
  try {
    await client.send(
      new CreateTableCommand({ TableName, BillingMode: "PAY_PER_REQUEST", ...keys }),
    );
    if (TimeToLiveSpecification !== undefined) {
      await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    }
  } finally {
    client.destroy();
  }
}
