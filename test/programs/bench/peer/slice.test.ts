/** A request that lost a race is sent again, counted once, and counts as an error where it never wins. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Load, type Message } from "./load.ts";
import { Recorder } from "./slice.ts";

let server: Server | undefined;
let load: Load | undefined;
afterEach(() => {
  load?.rest();
  server?.closeAllConnections();
  server?.close();
});

/** What it records of a server that gives these answers, the last one for good. */
async function recorded(statuses: readonly number[], more: Partial<Message> = {}) {
  let requests = 0;
  const started = createServer((_, response) => {
    response.writeHead(statuses[Math.min(requests, statuses.length - 1)] ?? 500).end();
    requests += 1;
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  load = new Load(`http://127.0.0.1:${(started.address() as AddressInfo).port}`);
  const recorder = new Recorder(load);
  await recorder.measured({ method: "PUT", path: "/traits/CUSTOM_A", expected: 201, ...more });
  const { retries, errors, times } = recorder;
  return { requests, retries, errors: errors.length, times: times.length };
}

test.each([
  ["it wins at last", [204, 204, 201], { lost: 204 }, [3, 2, 0, 1]],
  ["it never wins", [204], { lost: 204 }, [10, 9, 1, 0]],
  ["nothing says that it lost", [204, 201], {}, [1, 0, 1, 0]],
] as const)("%s", async (_, statuses, more, [requests, retries, errors, times]) => {
  expect(await recorded(statuses, more)).toEqual({ requests, retries, errors, times });
});
