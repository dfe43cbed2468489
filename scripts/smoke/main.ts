/** `npm run smoke -- --url URL`: a first session against any deployment. */
import { platformClock, platformRandom } from "../../lib/client/platform.ts";
import { smoke } from "./smoke.ts";

process.exitCode = await smoke(process.argv.slice(2), process.env, {
  clock: platformClock,
  random: platformRandom,
  print: console.log,
});
