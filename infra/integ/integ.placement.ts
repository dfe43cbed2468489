/**
 * The integration test: deploys a stack to the account of your credentials, looks at its
 * endpoints and a direct invocation, and removes everything. `npm run integ` runs it.
 */
import { randomUUID } from "node:crypto";
import { ExpectedResult, IntegTest, Match } from "@aws-cdk/integ-tests-alpha";
import { App, RemovalPolicy, Stack } from "aws-cdk-lib";
import { AttributeType, type ITable, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { TABLE_SCHEMA } from "../../lib/store/table/table-schema.ts";
import { PlacementApi } from "../placement-api.ts";

const app = new App();
const stack = new Stack(app, "placement-integration");

// The construct's own table would stay.
const table = new TableV2(stack, "Table", {
  partitionKey: { name: TABLE_SCHEMA.partitionKey, type: AttributeType.STRING },
  sortKey: { name: TABLE_SCHEMA.sortKey, type: AttributeType.STRING },
  timeToLiveAttribute: TABLE_SCHEMA.timeToLive,
  removalPolicy: RemovalPolicy.DESTROY,
});
const secret = new Secret(stack, "Credential", { removalPolicy: RemovalPolicy.DESTROY });
const placement = new PlacementApi(stack, "Placement", {
  table: table as ITable,
  endpoints: [
    { kind: "iam" },
    // Nobody is asked about a request without a token.
    { kind: "jwt", issuer: "https://issuer.example", audience: "placement" },
    { kind: "keystone", rest: true, url: "https://keystone.example/v3", secret: secret as ISecret },
  ],
});

const test = new IntegTest(app, "Placement", { testCases: [stack], regions: ["eu-west-1"] });
const { assertions } = test;

for (const { url } of placement.endpoints) {
  assertions.httpApiCall(`${url}/`).expect(ExpectedResult.objectLike({ status: 200 }));
}
const refusals = { iam: 403, jwt: 401, keystone: 401 } as const;
for (const { kind, url } of placement.endpoints) {
  const refused = ExpectedResult.objectLike({ status: refusals[kind] });
  assertions.httpApiCall(`${url}/resource_providers`).expect(refused);
  assertions.httpApiCall(`${url}/nothing/here`).expect(refused);
}

const provider = randomUUID();
const directly = (id: string, request: object) =>
  assertions
    .invokeFunction({
      functionName: placement.direct(id).functionArn,
      payload: JSON.stringify({ version: "1.39", ...request }),
    })
    // The invocation's own status is 200 for refusals too.
    .expect(ExpectedResult.objectLike({ Payload: Match.stringLikeRegexp('"status":200') }));
directly("resource-providers/create", { body: { name: "host", uuid: provider } }).next(
  directly("resource-providers/show", { parameters: { uuid: provider } }),
);
