/** A CDK stack: what leases release comes into a queue, from the bus of the API. */
import { Stack } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { PlacementApi } from "serverless-placement";

export function releasedStack(scope: Construct): Stack {
  const stack = new Stack(scope, "Released");
  const placement = new PlacementApi(stack, "Placement", { namePrefix: "placement" });
  const released = new Queue(stack, "Queue", { enforceSSL: true });
  // Of events that the queue does not take.
  const notDelivered = new Queue(stack, "NotDelivered", { enforceSSL: true });
  new Rule(stack, "LeaseEnds", {
    eventBus: placement.eventBus,
    eventPattern: {
      source: ["serverless-placement"],
      detailType: ["placement.allocation.delete"],
      detail: { cause: ["lease_expired"] },
    },
    targets: [new SqsQueue(released, { deadLetterQueue: notDelivered })],
  });
  return stack;
}
