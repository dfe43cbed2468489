/** What the construct `PlacementMonitoring` can be given. */
import type { Duration } from "aws-cdk-lib";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { BadSettings } from "../bad-settings.ts";
import type { PlacementApi } from "../placement-api.ts";
import { RUNBOOK } from "../runbook.ts";
import { ALARM_IDS, type AlarmId, ruleOf } from "./alarm-rules.ts";
import { DEFAULT_PRICES, type GivenPrices, type Prices } from "./prices.ts";

/** What AWS grants the account, in units of one second or of concurrent invocations. */
export interface Quotas {
  /** Of the account in the region. */
  readonly concurrency: number;
  /** Of one table on demand. */
  readonly tableReads: number;
  readonly tableWrites: number;
}

/** Sources: Lambda developer guide, "Lambda quotas"; DynamoDB developer guide, "Service quotas". */
export const DEFAULT_QUOTAS: Quotas = {
  concurrency: 1_000,
  tableReads: 40_000,
  tableWrites: 40_000,
};

type Given<T> = { readonly [name in keyof T]?: T[name] | undefined };

export type GivenThresholds = { readonly [id in AlarmId]?: number | undefined };

export interface MonitoringOptions {
  /** By the names of alarms, in the units of docs/monitoring.md. */
  readonly thresholds?: GivenThresholds | undefined;
  /** In USD. Default: those of us-east-1. */
  readonly prices?: GivenPrices | undefined;
  /** Default: those of a new account. */
  readonly quotas?: Given<Quotas> | undefined;
  /** The address of docs/runbook.md, to which alarms link. Default: that of the project. */
  readonly runbook?: string | undefined;
}

export interface PlacementMonitoringProps extends MonitoringOptions {
  readonly placement: PlacementApi;
  /** Told of every alarm that is raised, and that is over. */
  readonly alarmTopic: ITopic;
  /**
   * How often the canary runs. Default: that of `placement`; if it has none, there is no alarm for
   * it.
   */
  readonly canaryInterval?: Duration | undefined;
}

export interface ReadOptions {
  readonly thresholds: Readonly<Record<AlarmId, number>>;
  readonly prices: Prices;
  readonly quotas: Quotas;
  readonly runbook: string;
}

/** @throws BadSettings if a number is none that an alarm or a price could have */
export function readOptions(options: MonitoringOptions): ReadOptions {
  const defaults = Object.fromEntries(ALARM_IDS.map((id) => [id, ruleOf(id).threshold]));
  const thresholds = withDefaults(defaults as Record<AlarmId, number>, options.thresholds);
  const prices = withDefaults(DEFAULT_PRICES, options.prices);
  const quotas = withDefaults(DEFAULT_QUOTAS, options.quotas);
  for (const [name, values] of Object.entries({ thresholds, prices, quotas })) {
    for (const [key, value] of Object.entries(values)) {
      const fits = Number.isFinite(value) && (name === "prices" ? value >= 0 : value > 0);
      if (!fits)
        throw new BadSettings(`monitoring: ${name}.${key} is ${value}, but has to be above 0`);
    }
  }
  return { thresholds, prices, quotas, runbook: options.runbook ?? RUNBOOK };
}

function withDefaults<T extends object>(defaults: T, given: Given<T> = {}): T {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(set) };
}
