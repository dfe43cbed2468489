/** The CDK app: a stack for each environment, configured by the context key `placement`. */
import { App } from "aws-cdk-lib";
import { BadSettings } from "./bad-settings.ts";
import { SETTINGS_KEY } from "./settings.ts";
import { makeStacks } from "./stages.ts";

try {
  const app = new App();
  makeStacks(app, app.node.tryGetContext(SETTINGS_KEY));
} catch (error) {
  if (!(error instanceof BadSettings)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
