/** All functions of a stack: one for each operation and task, and the authorizers. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IAlias } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { refuseUnrouted } from "../functions/fallback/refuse.ts";
import { operations, tasks } from "../functions/index.ts";
import { feedEvents } from "../functions/maintenance/feed-events.ts";
import type { AnyOperation } from "../lib/api/operation.ts";
import type { AnyTask } from "../lib/api/task-definition.ts";
import { AUTHORIZER_IDS, withBundles } from "./bundles.ts";
import { type CapacityProps, capacityOf } from "./capacity.ts";
import { CA_FILE } from "./endpoints/authorizer-environment.ts";
import { AuthorizerFunction } from "./endpoints/authorizer-function.ts";
import type { EndpointKind, EndpointProps, TokenEndpointProps } from "./endpoints/props.ts";
import type { FeederExtras } from "./event-feed.ts";
import { PlacementFunction, type PlacementFunctionProps } from "./placement-function.ts";

export const DEFINITIONS: readonly (AnyOperation | AnyTask)[] = [
  ...operations,
  refuseUnrouted,
  ...tasks,
];

export interface PlacementFunctionsProps
  extends Omit<PlacementFunctionProps, "definition" | "codeFolder" | "capacity" | "extras"> {
  readonly capacity: CapacityProps;
  readonly endpoints: readonly EndpointProps[];
  /** Of the function that feeds events; undefined: it is not invoked. */
  readonly feeder: FeederExtras | undefined;
}

export class PlacementFunctions extends Construct {
  /** By the ids of operations and tasks. */
  readonly byId: ReadonlyMap<string, PlacementFunction>;
  readonly authorizers: ReadonlyMap<EndpointKind, AuthorizerFunction>;

  constructor(scope: Construct, id: string, props: PlacementFunctionsProps) {
    super(scope, id);
    const { capacity, endpoints, feeder, ...common } = props;
    const guarded = endpoints.filter((endpoint) => endpoint.kind !== "iam");
    [this.byId, this.authorizers] = withBundles((folder) => {
      const made = DEFINITIONS.map((definition) => {
        const codeFolder = join(folder, definition.id);
        const extras = definition === feedEvents ? feeder : undefined;
        const own = { definition, codeFolder, capacity: capacityOf(definition, capacity), extras };
        return [definition.id, new PlacementFunction(this, { ...common, ...own })] as const;
      });
      const authorizers = guarded.map((endpoint) => {
        return [endpoint.kind, this.#authorizer(endpoint, folder, common)] as const;
      });
      return [new Map(made), new Map(authorizers)] as const;
    });
  }

  /** What API Gateway invokes, by the ids of operations. */
  get aliases(): Map<string, IAlias> {
    const entries = [...this.byId].flatMap(([id, { http }]): [string, IAlias][] =>
      http === undefined ? [] : [[id, http]],
    );
    return new Map(entries);
  }

  #authorizer(
    endpoint: TokenEndpointProps,
    folder: string,
    { namePrefix, logs }: Pick<PlacementFunctionProps, "namePrefix" | "logs">,
  ): AuthorizerFunction {
    const id = authorizerName(endpoint.kind);
    const bundle = join(folder, AUTHORIZER_IDS[endpoint.kind]);
    const codeFolder = endpoint.ca === undefined ? bundle : withCertificates(bundle, endpoint.ca);
    const functionName = `${namePrefix}-${id}`;
    return new AuthorizerFunction(this, id, { endpoint, codeFolder, functionName, logs });
  }
}

/** The name of an authorizer's function, behind the prefix. */
export function authorizerName(kind: keyof typeof AUTHORIZER_IDS): string {
  return `authorizer-${kind}`;
}

/** @param ca PEM */
function withCertificates(bundle: string, ca: string): string {
  const folder = `${bundle}-with-certificates`;
  mkdirSync(folder);
  copyFileSync(join(bundle, "index.mjs"), join(folder, "index.mjs"));
  writeFileSync(join(folder, CA_FILE), ca);
  return folder;
}
