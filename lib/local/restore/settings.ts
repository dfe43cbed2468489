/** The settings of a table that a restore to a point in time does not keep. */
import { ResourceNotFoundException, type StreamViewType, type Tag } from "@aws-sdk/client-dynamodb";
import { StartFailure } from "../start-failure.ts";
import type { ControlPlane } from "./control-plane.ts";

const MAX_TAG_PAGES = 100;

export interface TableSettings {
  readonly arn: string;
  readonly status: string;
  /** The customer's own key; undefined: a key of AWS. */
  readonly kmsKey: string | undefined;
  readonly deletionProtection: boolean;
  /** Days; undefined: no point-in-time recovery. */
  readonly recoveryDays: number | undefined;
  /** The moments to which it can be restored. */
  readonly earliest: Date | undefined;
  readonly latest: Date | undefined;
  /** The attribute; undefined: off. */
  readonly timeToLive: string | undefined;
  /** Undefined: no stream. */
  readonly stream: StreamViewType | undefined;
  /** The stream's own ARN, another one for each table. */
  readonly streamArn: string | undefined;
  /** Of its owner: those of AWS cannot be written. */
  readonly tags: readonly Tag[];
  /** Undefined: off. */
  readonly insights: "ACCESSED_AND_THROTTLED_KEYS" | "THROTTLED_KEYS" | undefined;
  /** The table that it was restored from, and the moment. */
  readonly restored: { readonly from: string; readonly at: Date } | undefined;
}

const DEFAULT_DAYS = 35;

/** Undefined: there is no such table. */
export async function settingsOf(
  control: ControlPlane,
  name: string,
): Promise<TableSettings | undefined> {
  const table = await tableOf(control, name);
  const arn = table?.TableArn;
  if (table === undefined || arn === undefined) return undefined;
  const [backups, timeToLive, tags, insights] = await Promise.all([
    control.look("DescribeContinuousBackups", { TableName: name }),
    control.look("DescribeTimeToLive", { TableName: name }),
    tagsOf(control, arn),
    control.look("DescribeContributorInsights", { TableName: name }),
  ]);
  const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const isRecovered = recovery?.PointInTimeRecoveryStatus === "ENABLED";
  const { TimeToLiveStatus: live, AttributeName: attribute } =
    timeToLive.TimeToLiveDescription ?? {};
  const { StreamEnabled: isStreamed, StreamViewType: view } = table.StreamSpecification ?? {};
  const { SourceTableArn: from, RestoreDateTime: at } = table.RestoreSummary ?? {};
  const isInsightful = ["ENABLED", "ENABLING"].includes(insights.ContributorInsightsStatus ?? "");
  const { SSEType: encryption, KMSMasterKeyArn: key } = table.SSEDescription ?? {};
  return {
    arn,
    status: table.TableStatus ?? "UNKNOWN",
    kmsKey: encryption === "KMS" ? key : undefined,
    deletionProtection: table.DeletionProtectionEnabled === true,
    recoveryDays: isRecovered ? (recovery?.RecoveryPeriodInDays ?? DEFAULT_DAYS) : undefined,
    earliest: recovery?.EarliestRestorableDateTime,
    latest: recovery?.LatestRestorableDateTime,
    timeToLive: live === "ENABLED" || live === "ENABLING" ? attribute : undefined,
    stream: isStreamed ? view : undefined,
    streamArn: isStreamed ? table.LatestStreamArn : undefined,
    tags,
    insights: isInsightful
      ? (insights.ContributorInsightsMode ?? "ACCESSED_AND_THROTTLED_KEYS")
      : undefined,
    restored: from === undefined || at === undefined ? undefined : { from, at },
  };
}

export async function tableOf(control: ControlPlane, name: string) {
  try {
    return (await control.look("DescribeTable", { TableName: name })).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function tagsOf(control: ControlPlane, arn: string): Promise<Tag[]> {
  const tags: Tag[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_TAG_PAGES; page += 1) {
    const next = token === undefined ? {} : { NextToken: token };
    const answer = await control.look("ListTagsOfResource", { ResourceArn: arn, ...next });
    tags.push(...(answer.Tags ?? []));
    token = answer.NextToken;
    if (token === undefined) return tags.filter(({ Key }) => !Key?.startsWith("aws:"));
  }
  throw new StartFailure(`${arn} has too many tags`);
}

/** What `restored` lacks of `wanted`, in words; none if it has all. */
export function missingSettings(wanted: TableSettings, restored: TableSettings): string[] {
  const tagText = (tags: readonly Tag[]) =>
    tags.map(({ Key, Value }) => `${Key}=${Value}`).toSorted();
  const compared: readonly (readonly [string, unknown, unknown])[] = [
    ["KMS key", wanted.kmsKey, restored.kmsKey],
    ["deletion protection", true, restored.deletionProtection],
    ["point-in-time recovery", wanted.recoveryDays, restored.recoveryDays],
    ["time to live", wanted.timeToLive, restored.timeToLive],
    ["stream", wanted.stream, restored.stream],
    ["tags", String(tagText(wanted.tags)), String(tagText(restored.tags))],
    ["contributor insights", wanted.insights, restored.insights],
  ];
  return compared
    .filter(([, want, has]) => want !== has)
    .map(([name, want, has]) => `${name}: ${want ?? "off"} is wanted, it is ${has ?? "off"}`);
}
