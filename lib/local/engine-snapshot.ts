/**
 * A copy of the engine's file while another engine uses it: SQLite's `VACUUM INTO`, which holds
 * the state of one moment, and disturbs nobody. The engine offers it as the tool
 * `create_snapshot` of the Model Context Protocol, over standard input and output.
 *
 * Sources: Model Context Protocol, "Lifecycle" and "Tools"; SQLite, "VACUUM", "VACUUM with an
 * INTO clause"; dynoxide, `src/snapshots.rs`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import * as z from "zod";
import { parseJson } from "./folder-lock.ts";
import { StartFailure } from "./start-failure.ts";

/** Milliseconds for the whole copy. */
const LIMIT = 3_600_000;
const CALL_ID = 2;
const KEPT_OUTPUT = 2_000;

const answerSchema = z.object({
  id: z.literal(CALL_ID),
  error: z.object({ message: z.string() }).optional(),
  result: z
    .object({
      isError: z.boolean().optional(),
      content: z.array(z.object({ text: z.string().optional() })),
    })
    .optional(),
});

const messages = (name: string) => [
  {
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-03-26",
      capabilities: {},
      clientInfo: { name: "placement", version: "1" },
    },
  },
  { method: "notifications/initialized" },
  { id: CALL_ID, method: "tools/call", params: { name: "create_snapshot", arguments: { name } } },
];

/**
 * Writes `<name>.db` into the folder `.dynoxide/snapshots` beside `file`.
 * @param program the engine's
 * @throws StartFailure
 */
export async function copyEngineFile(program: string, file: string, name: string): Promise<void> {
  const child = spawn(program, ["mcp", "--db-path", file], { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output = (output + text).slice(-KEPT_OUTPUT);
  });
  // It may end before it has read everything.
  child.stdin.on("error", () => undefined);
  for (const message of messages(name)) {
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT);
  try {
    const failure = await Promise.race([answered(child), startError(child)]);
    if (failure === undefined) return;
    const said = failure === "" ? output.trim().split("\n").at(-1) || "it ended" : failure;
    throw new StartFailure(`the DynamoDB engine cannot copy ${file}: ${said}`);
  } finally {
    clearTimeout(timer);
    child.stdin.end();
    child.kill();
    if (child.pid !== undefined) await ended;
  }
}

/** Undefined for success, else what went wrong; empty if it ended without an answer. */
async function answered({ stdout }: ChildProcess): Promise<string | undefined> {
  if (stdout === null) return "";
  for await (const line of createInterface({ input: stdout })) {
    const { success, data } = answerSchema.safeParse(parseJson(line));
    if (!success) continue;
    if (data.error !== undefined) return data.error.message;
    const failed = data.result?.isError ?? data.result === undefined;
    return failed ? (data.result?.content[0]?.text ?? "it gave no reason") : undefined;
  }
  return "";
}

function startError(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.once("error", ({ message }) => resolve(message)));
}
