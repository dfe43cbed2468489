/** `npm run import`: brings the content of a running Placement into a table. */
import { platformClock, platformRandom } from "../../lib/client/platform.ts";
import { importProgram } from "./program.ts";

const status = await importProgram(process.argv.slice(2), process.env, {
  clock: platformClock,
  random: platformRandom,
  print: console.log,
  warn: console.error,
  stream: process.stderr,
});
process.exit(status);
