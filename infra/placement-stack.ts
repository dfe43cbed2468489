/** The stack that `npm run deploy` deploys: the construct, configured by the operator's settings. */
import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { type ITable, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { PlacementApi } from "./placement-api.ts";
import type { Settings } from "./settings.ts";

export class PlacementStack extends Stack {
  readonly placement: PlacementApi;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, {
      stackName: settings.stackName,
      description: "The OpenStack Placement API as Lambda functions on DynamoDB",
    });
    const { tableName, encryptionKeyArn, idleConsumerAge, verifyInterval, callers, ...same } =
      settings;
    this.placement = new PlacementApi(this, "Placement", {
      ...same,
      throttle: { rateLimit: settings.rateLimit, burstLimit: settings.burstLimit },
      openApiThrottle: {
        rateLimit: settings.openApiRateLimit,
        burstLimit: settings.openApiBurstLimit,
      },
      callers: Object.entries(callers).map(([principal, { roles, id }]) => {
        return { principal, placementRoles: roles, principalId: id };
      }),
      idleConsumerAge: given(idleConsumerAge, (age) => Duration.seconds(age)),
      verifyInterval: given(verifyInterval, (interval) => Duration.seconds(interval)),
      table: given(tableName, (name) => TableV2.fromTableName(this, "Table", name) as ITable),
      encryptionKey: given(encryptionKeyArn, (arn) => Key.fromKeyArn(this, "Key", arn)),
    });
    new CfnOutput(this, "Url", { value: this.placement.url, description: "The API's URL" });
    new CfnOutput(this, "TableName", { value: this.placement.table.tableName });
  }
}

function given<T, U>(value: T | undefined, make: (value: T) => U): U | undefined {
  return value === undefined ? undefined : make(value);
}
