/** A CDK app that deploys the API for a scheduler, which may claim and release and no more. */
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { PlacementApi } from "serverless-placement";

/** @param code of the scheduler, for example the bundle of `claim-from-lambda.ts` */
export function schedulerStack(scope: Construct, code: Code): Stack {
  const stack = new Stack(scope, "Scheduler");
  const namePrefix = "placement";
  const placement = new PlacementApi(stack, "Placement", { namePrefix });
  const scheduler = new LambdaFunction(stack, "Function", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code,
    environment: { PLACEMENT_PREFIX: namePrefix },
  });
  // Find candidates, claim, look at a claim, move it and release it.
  placement.grantClaim(scheduler);
  new CfnOutput(stack, "Url", { value: placement.endpoint("iam").url });
  return stack;
}

export function build(): App {
  const app = new App();
  schedulerStack(app, Code.fromInline("exports.handler = async () => 'your scheduler';"));
  return app;
}
