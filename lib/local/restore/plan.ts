/** The calls of a restore, in their order. */
import type { Changes } from "./control-plane.ts";
import type { TableSettings } from "./settings.ts";

/** A call that changes a table, as data. */
export type PlannedCall<Some extends keyof Changes = keyof Changes> = {
  readonly [C in Some]: { readonly call: C; readonly input: Changes[C]["input"] };
}[Some];

export interface Names {
  readonly table: string;
  readonly target: string;
  /** Undefined: the latest moment. */
  readonly at: Date | undefined;
}

/** Starts the restore. The key is named: otherwise a later key of the table would be used. */
export function restoreCall({ table, target, at }: Names, source: TableSettings): PlannedCall {
  const { kmsKey } = source;
  const encryption = { Enabled: true, SSEType: "KMS", KMSMasterKeyId: kmsKey } as const;
  return {
    call: "RestoreTableToPointInTime",
    input: {
      SourceTableName: table,
      TargetTableName: target,
      ...(at === undefined ? { UseLatestRestorableTime: true } : { RestoreDateTime: at }),
      ...(kmsKey === undefined ? {} : { SSESpecificationOverride: encryption }),
    },
  };
}

/**
 * Sets what a restore does not keep. Recovery and protection come first: from then on the
 * restored table is as safe as the old one.
 * @param arn of the restored table
 */
export function settingCalls(target: string, arn: string, source: TableSettings): PlannedCall[] {
  const named = { TableName: target };
  const { recoveryDays, timeToLive, stream, tags, insights } = source;
  const calls: (PlannedCall | false)[] = [
    recoveryDays !== undefined && {
      call: "UpdateContinuousBackups",
      input: {
        ...named,
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: true,
          RecoveryPeriodInDays: recoveryDays,
        },
      },
    },
    { call: "UpdateTable", input: { ...named, DeletionProtectionEnabled: true } },
    timeToLive !== undefined && {
      call: "UpdateTimeToLive",
      input: {
        ...named,
        TimeToLiveSpecification: { Enabled: true, AttributeName: timeToLive },
      },
    },
    tags.length > 0 && { call: "TagResource", input: { ResourceArn: arn, Tags: [...tags] } },
    stream !== undefined && {
      call: "UpdateTable",
      input: { ...named, StreamSpecification: { StreamEnabled: true, StreamViewType: stream } },
    },
    insights !== undefined && {
      call: "UpdateContributorInsights",
      input: {
        ...named,
        ContributorInsightsAction: "ENABLE",
        ContributorInsightsMode: insights,
      },
    },
  ];
  return calls.filter((each) => each !== false);
}

/** As the command line of AWS takes it from a shell. */
export function callText({ call, input }: PlannedCall): string {
  const name = call.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).slice(1);
  // A shell ends a quoted text at each apostrophe, such as one in the value of a tag.
  const quoted = JSON.stringify(input).replaceAll("'", "'\\''");
  return `aws dynamodb ${name} --cli-input-json '${quoted}'`;
}
