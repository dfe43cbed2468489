/** The calls of DynamoDB that concern tables themselves, with the parts that a restore uses. */
import {
  DescribeContinuousBackupsCommand,
  type DescribeContinuousBackupsCommandInput,
  type DescribeContinuousBackupsCommandOutput,
  DescribeContributorInsightsCommand,
  type DescribeContributorInsightsCommandInput,
  type DescribeContributorInsightsCommandOutput,
  DescribeTableCommand,
  type DescribeTableCommandInput,
  type DescribeTableCommandOutput,
  DescribeTimeToLiveCommand,
  type DescribeTimeToLiveCommandInput,
  type DescribeTimeToLiveCommandOutput,
  type DynamoDBClient,
  ListTagsOfResourceCommand,
  type ListTagsOfResourceCommandInput,
  type ListTagsOfResourceCommandOutput,
  RestoreTableToPointInTimeCommand,
  type RestoreTableToPointInTimeCommandInput,
  TagResourceCommand,
  type TagResourceCommandInput,
  UpdateContinuousBackupsCommand,
  type UpdateContinuousBackupsCommandInput,
  UpdateContributorInsightsCommand,
  type UpdateContributorInsightsCommandInput,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
  type UpdateTimeToLiveCommandInput,
} from "@aws-sdk/client-dynamodb";

interface Call<Input, Answer> {
  readonly input: Input;
  readonly answer: Answer;
}

/** Calls that change nothing. */
export interface Looks {
  readonly DescribeTable: Call<
    DescribeTableCommandInput,
    Pick<DescribeTableCommandOutput, "Table">
  >;
  readonly DescribeContinuousBackups: Call<
    DescribeContinuousBackupsCommandInput,
    Pick<DescribeContinuousBackupsCommandOutput, "ContinuousBackupsDescription">
  >;
  readonly DescribeTimeToLive: Call<
    DescribeTimeToLiveCommandInput,
    Pick<DescribeTimeToLiveCommandOutput, "TimeToLiveDescription">
  >;
  readonly DescribeContributorInsights: Call<
    DescribeContributorInsightsCommandInput,
    Pick<
      DescribeContributorInsightsCommandOutput,
      "ContributorInsightsStatus" | "ContributorInsightsMode"
    >
  >;
  readonly ListTagsOfResource: Call<
    ListTagsOfResourceCommandInput,
    Pick<ListTagsOfResourceCommandOutput, "Tags" | "NextToken">
  >;
}

/** Calls that change a table. */
export interface Changes {
  readonly RestoreTableToPointInTime: Call<RestoreTableToPointInTimeCommandInput, object>;
  readonly UpdateContinuousBackups: Call<UpdateContinuousBackupsCommandInput, object>;
  readonly UpdateTable: Call<UpdateTableCommandInput, object>;
  readonly UpdateTimeToLive: Call<UpdateTimeToLiveCommandInput, object>;
  readonly TagResource: Call<TagResourceCommandInput, object>;
  readonly UpdateContributorInsights: Call<UpdateContributorInsightsCommandInput, object>;
}

export interface ControlPlane {
  /** @throws the SDK's errors */
  look<C extends keyof Looks>(call: C, input: Looks[C]["input"]): Promise<Looks[C]["answer"]>;
  /** @throws the SDK's errors */
  change<C extends keyof Changes>(call: C, input: Changes[C]["input"]): Promise<void>;
}

type Lookers = {
  readonly [C in keyof Looks]: (
    client: DynamoDBClient,
    input: Looks[C]["input"],
  ) => Promise<Looks[C]["answer"]>;
};

type Changers = {
  readonly [C in keyof Changes]: (
    client: DynamoDBClient,
    input: Changes[C]["input"],
  ) => Promise<object>;
};

const LOOKS: Lookers = {
  DescribeTable: (client, input) => client.send(new DescribeTableCommand(input)),
  DescribeContinuousBackups: (client, input) =>
    client.send(new DescribeContinuousBackupsCommand(input)),
  DescribeTimeToLive: (client, input) => client.send(new DescribeTimeToLiveCommand(input)),
  DescribeContributorInsights: (client, input) =>
    client.send(new DescribeContributorInsightsCommand(input)),
  ListTagsOfResource: (client, input) => client.send(new ListTagsOfResourceCommand(input)),
};

const CHANGES: Changers = {
  RestoreTableToPointInTime: (client, input) =>
    client.send(new RestoreTableToPointInTimeCommand(input)),
  UpdateContinuousBackups: (client, input) =>
    client.send(new UpdateContinuousBackupsCommand(input)),
  UpdateTable: (client, input) => client.send(new UpdateTableCommand(input)),
  UpdateTimeToLive: (client, input) => client.send(new UpdateTimeToLiveCommand(input)),
  TagResource: (client, input) => client.send(new TagResourceCommand(input)),
  UpdateContributorInsights: (client, input) =>
    client.send(new UpdateContributorInsightsCommand(input)),
};

export function bySdk(client: DynamoDBClient): ControlPlane {
  return {
    look: (call, input) => LOOKS[call](client, input),
    change: async (call, input) => {
      await CHANGES[call](client, input);
    },
  };
}
