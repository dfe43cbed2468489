/** Verifies a whole table: see `npm run verify -- --help`. */
import { runProgram } from "./run-program.mjs";

await runProgram("lib/local/verify.ts", "verify");
