/** Runs the benchmarks: see `npm run bench -- --help`. */
import { runProgram } from "./run-program.mjs";

await runProgram("test/programs/bench/main.ts", "bench");
