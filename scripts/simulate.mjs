/** Runs the simulation: see `npm run simulate -- --help`. */
import { runProgram } from "./run-program.mjs";

await runProgram("test/programs/simulation/main.ts", "simulate");
