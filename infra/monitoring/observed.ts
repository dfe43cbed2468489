/** What monitoring looks at: an API's names, functions, endpoints and table. */
import type { Duration } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { BadSettings } from "../bad-settings.ts";
import { type CapacityProps, capacityOf } from "../capacity.ts";
import type { Endpoint } from "../endpoints/endpoint.ts";
import { DEFAULT_ENDPOINTS, type EndpointProps } from "../endpoints/props.ts";
import type { LogClass } from "../log-groups.ts";
import { functionName } from "../names.ts";
import { authorizerName, DEFINITIONS } from "../placement-functions.ts";
import type { TableProps } from "../placement-table.ts";

export interface ObservedFunction {
  /** In Lambda. */
  readonly name: string;
  /** Megabytes. */
  readonly memorySize: number;
}

export interface Observed {
  /** The prefix of all names, and the dimension `stack` of the functions' metrics. */
  readonly name: string;
  /** Whether functions emit metrics; if so, log groups take metric filters, too. */
  readonly metrics: boolean;
  readonly table: ITable;
  readonly endpoints: readonly Endpoint[];
  /** By the ids of operations and tasks. */
  readonly functions: ReadonlyMap<string, ObservedFunction>;
  /** Names of the functions that validate tokens. */
  readonly authorizers: readonly string[];
  /** Whether CloudWatch counts keys of the table. */
  readonly insights: boolean;
  /** Undefined: the canary does not run by itself. */
  readonly canaryInterval: Duration | undefined;
  /** The name of the queue of what could not be fed; undefined: no events are fed. */
  readonly failures: string | undefined;
}

interface Given extends CapacityProps, Pick<TableProps, "contributorInsights"> {
  readonly endpoints?: readonly EndpointProps[] | undefined;
  readonly canaryInterval?: Duration | undefined;
  readonly logClass?: LogClass | undefined;
  readonly metrics?: boolean | undefined;
}

/** @throws BadSettings if metrics are wanted where CloudWatch would find none */
export function observedParts(
  name: string,
  props: Given,
): Omit<Observed, "table" | "endpoints" | "failures"> {
  const functions = DEFINITIONS.map((definition) => {
    const { memorySize } = capacityOf(definition, props);
    return [definition.id, { name: functionName(name, definition), memorySize }] as const;
  });
  const authorizers = (props.endpoints ?? DEFAULT_ENDPOINTS).flatMap(({ kind }) =>
    kind === "iam" ? [] : [`${name}-${authorizerName(kind)}`],
  );
  return {
    name,
    metrics: hasMetrics(props),
    functions: new Map(functions),
    authorizers,
    insights: props.contributorInsights !== undefined,
    canaryInterval: props.canaryInterval,
  };
}

function hasMetrics({ metrics, logClass }: Given): boolean {
  const found = logClass !== "infrequentAccess";
  if (metrics === true && !found) {
    throw new BadSettings(
      "metrics need logs of the class standard: in others CloudWatch finds none",
    );
  }
  return metrics ?? found;
}
