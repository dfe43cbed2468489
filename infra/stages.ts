/**
 * Several environments in one app: `stages` in the settings has an object for each, with what
 * differs from the settings beside it, and its account and region. Each is a Stage of the CDK.
 */
import { type App, Stage } from "aws-cdk-lib";
import * as z from "zod";
import { BadSettings } from "./bad-settings.ts";
import { PlacementStack } from "./placement-stack.ts";
import { parseText, readSettings, SETTINGS_KEY, type Settings } from "./settings.ts";

const MAX_STAGES = 20;

const stagesSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, "a name of small letters, digits and hyphens"),
  z.looseObject({
    account: z
      .string()
      .regex(/^\d{12}$/, "12 digits")
      .optional(),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region like eu-west-1")
      .optional(),
  }),
);

/** The default of a stack's name, before the name of its stage. */
const DEFAULT_NAME = "placement";

/** The stack of the settings, or one for each of their stages. @throws BadSettings */
export function makeStacks(app: App, context: unknown): PlacementStack[] {
  const { stages, ...base } = objectIn(context);
  if (stages === undefined) return [stackOf(app, readSettings(base))];
  const parsed = stagesSchema.safeParse(stages);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = [SETTINGS_KEY, "stages", ...(issue?.path ?? [])].join(".");
    throw new BadSettings(`The context has a wrong setting. ${place}: ${issue?.message}`);
  }
  const entries = Object.entries(parsed.data);
  if (entries.length === 0 || entries.length > MAX_STAGES) {
    throw new BadSettings(`${SETTINGS_KEY}.stages has to have 1 to ${MAX_STAGES} stages`);
  }
  const made = entries.map(([name, { account, region, ...own }]) => {
    const stackName = `${base["stackName"] ?? DEFAULT_NAME}-${name}`;
    return { name, account, region, settings: readSettings({ ...base, stackName, ...own }) };
  });
  refuseTwice(made.map(({ account, region, settings }) => [account, region, settings.stackName]));
  return made.map(({ name, account, region, settings }) => {
    const env = { ...(account && { account }), ...(region && { region }) };
    return stackOf(new Stage(app, name, { env }), settings);
  });
}

const stackOf = (scope: App | Stage, settings: Settings) =>
  new PlacementStack(scope, settings.stackName, settings);

/** Two stages would take turns in changing one stack. */
function refuseTwice(places: readonly (readonly (string | undefined)[])[]): void {
  const names = places.map((place) => place.map((part) => part ?? "any").join(" "));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new BadSettings(`${SETTINGS_KEY}.stages has ${twice} twice`);
}

function objectIn(context: unknown): Record<string, unknown> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(parseText(context) ?? {});
  if (!parsed.success) {
    throw new BadSettings(`The context has a wrong setting. ${SETTINGS_KEY}: it is no object`);
  }
  return parsed.data;
}
