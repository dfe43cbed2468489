/** The stack that `npm run deploy` deploys: the construct, configured by the operator's settings. */
import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { type ITable, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Key } from "aws-cdk-lib/aws-kms";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { PlacementConsole } from "./console/placement-console.ts";
import type { ConsoleSettings } from "./console/settings.ts";
import { endpointFrom, given } from "./endpoints/from-settings.ts";
import { checkStream } from "./feed-settings.ts";
import { dashboardUrl } from "./monitoring/dashboard.ts";
import { PlacementMonitoring } from "./monitoring/placement-monitoring.ts";
import type { MonitoringSettings } from "./monitoring/settings.ts";
import { PlacementApi } from "./placement-api.ts";
import type { Settings } from "./settings.ts";

/** @param tableStreamArn undefined: its events are not fed */
function tableOf(scope: Construct, tableName: string, tableStreamArn: string | undefined): ITable {
  const stream = tableStreamArn === undefined ? {} : { tableStreamArn };
  return TableV2.fromTableAttributes(scope, "Table", { tableName, ...stream }) as ITable;
}

export class PlacementStack extends Stack {
  readonly placement: PlacementApi;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, {
      stackName: settings.stackName,
      description: "The OpenStack Placement API as Lambda functions on DynamoDB",
      terminationProtection: settings.terminationProtection ?? false,
    });
    const { tableName, tableStreamArn, encryptionKeyArn, callers, ...durations } = settings;
    checkStream(tableName, tableStreamArn);
    const { idleConsumerAge, verifyInterval, profilePagesInterval, canaryInterval, ...others } =
      durations;
    const { endpoints, rollbackAlarms, monitoring, console: site, ...same } = others;
    this.placement = new PlacementApi(this, "Placement", {
      ...same,
      endpoints: endpoints?.map((endpoint, index) => endpointFrom(this, endpoint, index)),
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
      profilePagesInterval: given(profilePagesInterval, (interval) => Duration.seconds(interval)),
      runbook: monitoring?.runbook,
      canaryInterval: given(canaryInterval, (interval) => Duration.seconds(interval)),
      rollbackAlarms: rollbackAlarms?.map((name, index) =>
        Alarm.fromAlarmName(this, `RollbackAlarm${index + 1}`, name),
      ),
      table: given(tableName, (name) => tableOf(this, name, tableStreamArn)),
      encryptionKey: given(encryptionKeyArn, (arn) => Key.fromKeyArn(this, "Key", arn)),
    });
    if (monitoring !== undefined) this.#monitor(monitoring);
    if (site !== undefined) this.#serve(site, settings);
    this.#output();
  }

  #monitor({ alarmTopicArn, ...options }: MonitoringSettings): void {
    const alarmTopic = Topic.fromTopicArn(this, "AlarmTopic", alarmTopicArn) as ITopic;
    new PlacementMonitoring(this, "Monitoring", {
      placement: this.placement,
      alarmTopic,
      ...options,
    });
  }

  #serve({ certificateArn, ...options }: ConsoleSettings, { monitoring }: Settings): void {
    const made = new PlacementConsole(this, "Console", {
      placement: this.placement,
      certificate: given(certificateArn, (arn) => {
        return Certificate.fromCertificateArn(this, "ConsoleCertificate", arn);
      }),
      dashboard: given(monitoring, () => dashboardUrl(this, this.placement.observed.name)),
      ...options,
    });
    new CfnOutput(this, "ConsoleUrl", { value: made.url, description: "The console's URL" });
  }

  /** `Url` is that of the first endpoint; each has one of its own, and the target of its domain. */
  #output(): void {
    const { endpoints, table, url } = this.placement;
    new CfnOutput(this, "Url", { value: url, description: "The API's URL" });
    for (const { kind, url: own, domainTarget } of endpoints) {
      const name = `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
      new CfnOutput(this, `${name}Url`, { value: own, description: `The ${kind} endpoint's URL` });
      if (domainTarget === undefined) continue;
      const description = "To which the DNS record of its domain name points";
      new CfnOutput(this, `${name}DomainTarget`, { value: domainTarget, description });
    }
    new CfnOutput(this, "TableName", { value: table.tableName });
  }
}
