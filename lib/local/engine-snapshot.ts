/**
 * A copy of the engine's file while another engine uses it: SQLite's `VACUUM INTO`, which holds
 * the state of one moment, and disturbs nobody. The engine offers it as the tool
 * `create_snapshot` of the Model Context Protocol, over standard input and output.
 *
 * Sources: Model Context Protocol, "Lifecycle" and "Tools"; SQLite, "VACUUM", "VACUUM with an
 * INTO clause"; dynoxide, `src/snapshots.rs`.
 */
import { createInterface } from "node:readline";
import * as z from "zod";
import { parseJson } from "./folder-lock.ts";
import { StartFailure } from "./start-failure.ts";
import { type PipedProcess, startPiped } from "./watched-process.ts";

/** Milliseconds for the whole copy. */
const LIMIT = 3_600_000;
const CALL_ID = 2;

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
  // It ends with us: it would go on to write into the folder of the next backup.
  const engine = startPiped([program, "mcp", "--db-path", file]);
  for (const message of messages(name)) {
    engine.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }
  const limit = late();
  try {
    const failure = await Promise.race([copied(engine), limit.reached]);
    if (failure === undefined) return;
    throw new StartFailure(`the DynamoDB engine cannot copy ${file}: ${failure}`);
  } finally {
    limit.clear();
    await engine.stop();
  }
}

/** Undefined for success, else what went wrong. */
async function copied({ stdout, died }: PipedProcess): Promise<string | undefined> {
  for await (const line of createInterface({ input: stdout })) {
    const { success, data } = answerSchema.safeParse(parseJson(line));
    if (!success) continue;
    if (data.error !== undefined) return data.error.message;
    const failed = data.result?.isError ?? data.result === undefined;
    return failed ? (data.result?.content[0]?.text ?? "it gave no reason") : undefined;
  }
  return died;
}

function late(): { readonly reached: Promise<string>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const reached = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("it took longer than an hour"), LIMIT);
  });
  return { reached, clear: () => clearTimeout(timer) };
}
