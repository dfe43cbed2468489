/** What monitoring looks at: an API's names, functions, endpoints and table. */
import type { Duration } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { type CapacityProps, capacityOf } from "../capacity.ts";
import type { Endpoint } from "../endpoints/endpoint.ts";
import { DEFAULT_ENDPOINTS, type EndpointProps } from "../endpoints/props.ts";
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
}

interface Given extends CapacityProps, Pick<TableProps, "contributorInsights"> {
  readonly endpoints?: readonly EndpointProps[] | undefined;
  readonly canaryInterval?: Duration | undefined;
}

export function observedParts(
  prefix: string,
  props: Given,
): Pick<Observed, "functions" | "authorizers" | "insights" | "canaryInterval"> {
  const functions = DEFINITIONS.map((definition) => {
    const { memorySize } = capacityOf(definition, props);
    return [definition.id, { name: functionName(prefix, definition), memorySize }] as const;
  });
  const authorizers = (props.endpoints ?? DEFAULT_ENDPOINTS).flatMap(({ kind }) =>
    kind === "iam" ? [] : [`${prefix}-${authorizerName(kind)}`],
  );
  const insights = props.contributorInsights !== undefined;
  const { canaryInterval } = props;
  return { functions: new Map(functions), authorizers, insights, canaryInterval };
}
