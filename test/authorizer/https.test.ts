/** Calls over connections that stay open, where the other side or the network forgets them. */
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { HttpClient } from "../../lib/authorizer/https.ts";
import { inTime } from "../../lib/authorizer/in-time.ts";
import { fastClock } from "../support/fast-clock.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(
  answer: (response: ServerResponse, connection: number, serial: number) => void,
) {
  const connections: Socket[] = [];
  let serial = 0;
  const server: Server = createServer((request, response) => {
    serial += 1;
    answer(response, connections.indexOf(request.socket), serial);
  });
  server.on("connection", (socket) => connections.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const clock = fastClock();
  const http = new HttpClient({ clock, timeout: 5_000 });
  closers.push(() => http.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const get = async () => (await http.send({ method: "GET", url, headers: {} })).status;
  return { clock, get, connections, count: () => serial };
}

test("a connection serves many calls, and none that was idle for long", async () => {
  const { get, clock, connections } = await open((response) => response.end("{}"));
  expect([await get(), await get()]).toEqual([200, 200]);
  expect(connections).toHaveLength(1);
  // As after a function was frozen: the network may have forgotten the connection.
  clock.pass(10_000);
  expect(await get()).toBe(200);
  expect(connections).toHaveLength(2);
});

test("a connection that was closed meanwhile is replaced, once", async () => {
  const { get, connections } = await open((response, connection, serial) => {
    if (connection === 0 && serial > 1) response.socket?.resetAndDestroy();
    else response.end("{}");
  });
  expect(await get()).toBe(200);
  expect(await get()).toBe(200);
  expect(connections).toHaveLength(2);
});

test("a new connection that is closed is a failure", async () => {
  const { get, count } = await open((response) => response.socket?.resetAndDestroy());
  await expect(get()).rejects.toThrow();
  expect(count()).toBe(1);
});

test("an answer without end is cut off", async () => {
  const { get } = await open((response) => response.end("x".repeat(300_000)));
  await expect(get()).rejects.toThrow("passes");
});

test("all calls of a validation together have one limit of time", async () => {
  const clock = fastClock();
  const logged: unknown[] = [];
  let answer = (_: { kind: "jwt"; status: "none" }) => {};
  const never = () =>
    new Promise<{ kind: "jwt"; status: "none" }>((resolve) => {
      answer = resolve;
    });
  const log = (entry: unknown) => logged.push(entry);
  const authenticate = inTime(never, { kind: "jwt", clock, log });
  const late = authenticate({});
  clock.ring();
  expect(await late).toEqual({ kind: "jwt", status: "unavailable" });
  expect(clock.slept).toBe(8_000);
  expect(logged).toHaveLength(1);
  const early = authenticate({});
  answer({ kind: "jwt", status: "none" });
  expect(await early).toEqual({ kind: "jwt", status: "none" });
  await expect.poll(() => clock.timers).toBe(0);
});
