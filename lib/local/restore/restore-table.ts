/**
 * Restores a table to a moment, into a new table with all settings of the old one. A restore
 * that was cut off goes on when it is repeated: every step looks at what there is.
 */
import type { Clock } from "../../model/clock.ts";
import { StartFailure } from "../start-failure.ts";
import type { Changes, ControlPlane } from "./control-plane.ts";
import { callText, type Names, type PlannedCall, restoreCall, settingCalls } from "./plan.ts";
import { missingSettings, settingsOf, type TableSettings, tableOf } from "./settings.ts";

/** Milliseconds between two looks at a table, and the number of looks: a restore takes hours. */
const LOOK_INTERVAL = 15_000;
const MAX_LOOKS = 24 * 240;

/** A new table refuses some changes for a while. */
const MAX_TRIES = 40;
const NOT_YET: ReadonlySet<string> = new Set([
  "ContinuousBackupsUnavailableException",
  "LimitExceededException",
  "ResourceInUseException",
  "ThrottlingException",
]);

export interface RestoreParts {
  readonly control: ControlPlane;
  readonly clock: Clock;
  readonly tell: (line: string) => void;
}

/**
 * The calls of a restore, as the command line of AWS takes them. Nothing is changed.
 * @throws StartFailure
 */
export async function restoreTexts({ control }: RestoreParts, names: Names): Promise<string[]> {
  const source = await sourceOf(control, names);
  const arn = `${source.arn.slice(0, source.arn.lastIndexOf("/") + 1)}${names.target}`;
  return [restoreCall(names, source), ...settingCalls(names.target, arn, source)].map(callText);
}

/**
 * @returns the settings of the restored table
 * @throws StartFailure
 */
export async function restoreTable(parts: RestoreParts, names: Names): Promise<TableSettings> {
  const { control, tell } = parts;
  const source = await sourceOf(control, names);
  const before = await settingsOf(control, names.target);
  if (before === undefined) await send(parts, restoreCall(names, source));
  else requireSame(names, source, before);
  await untilActive(parts, names.target);
  const restored = await requireTable(control, names.target);
  for (const call of settingCalls(names.target, restored.arn, source)) {
    await send(parts, call);
    await untilActive(parts, names.target);
  }
  const made = await requireTable(control, names.target);
  const missing = missingSettings(source, made);
  for (const each of missing) tell(`not restored: ${each}`);
  if (missing.length > 0) {
    throw new StartFailure(`${names.target} lacks settings of ${names.table}: start again`);
  }
  return made;
}

/** The settings of the stack that uses the table, as JSON has them. */
export function stackSettings(
  target: string,
  { streamArn }: Pick<TableSettings, "streamArn">,
): string {
  const named = `"tableName": "${target}"`;
  return streamArn === undefined ? named : `${named}, "tableStreamArn": "${streamArn}"`;
}

/** @throws StartFailure for a table that cannot be restored to that moment */
async function sourceOf(control: ControlPlane, { table, at }: Names): Promise<TableSettings> {
  const source = await requireTable(control, table);
  const { recoveryDays, earliest, latest } = source;
  if (recoveryDays === undefined) {
    throw new StartFailure(`${table} has no point-in-time recovery: load a dump or a backup`);
  }
  const isOutside = at !== undefined && ((earliest && at < earliest) || (latest && at > latest));
  if (isOutside) {
    const [from, to] = [earliest, latest].map((each) => each?.toISOString() ?? "?");
    throw new StartFailure(`${table} can be restored to a moment from ${from} to ${to}`);
  }
  return source;
}

async function requireTable(control: ControlPlane, name: string): Promise<TableSettings> {
  const found = await settingsOf(control, name);
  if (found === undefined) throw new StartFailure(`there is no table ${name}`);
  return found;
}

/** @throws StartFailure unless the table is the one that this restore has made before */
function requireSame(
  { table, target, at }: Names,
  source: TableSettings,
  { restored }: TableSettings,
): void {
  const isFrom = restored?.from === source.arn;
  // DynamoDB keeps whole seconds.
  const seconds = (date: Date) => Math.floor(date.getTime() / 1_000);
  const isAt = at === undefined || (restored && seconds(restored.at) === seconds(at));
  if (isFrom && isAt) return;
  throw new StartFailure(
    `the table ${target} exists and is not ${table} as of that moment: choose another name with --target`,
  );
}

async function send({ control, clock, tell }: RestoreParts, planned: PlannedCall): Promise<void> {
  tell(callText(planned));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await changeBy(control, planned);
      return;
    } catch (error) {
      if (isDone(error)) return;
      const isLater = error instanceof Error && NOT_YET.has(error.name);
      if (!isLater || attempt >= MAX_TRIES) throw error;
      await clock.sleep(LOOK_INTERVAL);
    }
  }
}

function changeBy<C extends keyof Changes>(
  control: ControlPlane,
  { call, input }: PlannedCall<C>,
): Promise<void> {
  return control.change(call, input);
}

/** DynamoDB refuses to set what is set already, as when a restore is repeated. */
function isDone(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === "ValidationException" &&
    /already (?:enabled|has an enabled stream)/i.test(error.message)
  );
}

async function untilActive({ control, clock, tell }: RestoreParts, name: string): Promise<void> {
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const table = await tableOf(control, name);
    if (table?.TableStatus === "ACTIVE" && table.RestoreSummary?.RestoreInProgress !== true) return;
    if (look % 20 === 0) tell(`${name} is ${table?.TableStatus ?? "not there yet"}`);
    await clock.sleep(LOOK_INTERVAL);
  }
  throw new StartFailure(`the table ${name} is not active: start again, it goes on where it ended`);
}
