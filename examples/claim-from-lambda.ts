/** A Lambda function that claims by direct invocation, without HTTP. */
import { Lambda } from "@aws-sdk/client-lambda";
import { claim, PlacementClient, PlacementRefusal } from "serverless-placement/client";
import { byInvocation, type Invoker } from "serverless-placement/client/lambda";

export interface ClaimEvent {
  readonly server: string;
  readonly host: string;
  readonly VCPU: number;
}

/** @param functions the construct's `namePrefix` */
export function handlerOf(lambda: Invoker, functions: string) {
  const transport = byInvocation({ lambda, functions, caller: "scheduler" });
  const client = new PlacementClient({ transport, version: "1.39" });
  return async ({ server, host, VCPU }: ClaimEvent) => {
    try {
      await claim(client, server, () => ({
        allocations: { [host]: { VCPU } },
        owner: { project: "demo", user: "demo", type: "INSTANCE" },
      }));
      return { claimed: true };
    } catch (error) {
      // It does not fit: a result of this function, not a failure.
      if (error instanceof PlacementRefusal && error.status === 409) {
        return { claimed: false, reason: error.detail };
      }
      throw error;
    }
  };
}

export const handler = handlerOf(new Lambda(), process.env["PLACEMENT_PREFIX"] ?? "placement");
