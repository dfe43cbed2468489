/** Copies a file by a program in the engine's place: a process that a test kills meanwhile. */
import { copyEngineFile } from "../../lib/local/engine-snapshot.ts";

const [program = "", file = ""] = process.argv.slice(2);
await copyEngineFile(program, file, "copy");
