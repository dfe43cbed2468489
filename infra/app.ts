/** The CDK app: one stack, configured by the context key `placement` (see `settings.ts`). */
import { App } from "aws-cdk-lib";
import { BadSettings } from "./bad-settings.ts";
import { PlacementStack } from "./placement-stack.ts";
import { readSettings, SETTINGS_KEY } from "./settings.ts";

try {
  const app = new App();
  const settings = readSettings(app.node.tryGetContext(SETTINGS_KEY));
  new PlacementStack(app, settings.stackName, settings);
} catch (error) {
  if (!(error instanceof BadSettings)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
