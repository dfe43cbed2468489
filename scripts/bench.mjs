/** Runs the benchmarks: see `npm run bench -- --help`. */
import { runProgram } from "./run-program.mjs";

await runProgram("bench/main.ts", "bench");
