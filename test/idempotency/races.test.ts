/** Repeats that run side by side are one request. */
import { randomUUID } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { isWrite } from "../support/between.ts";
import { everyWrite, sendStep } from "../support/every-write.ts";
import { useBetween, useServers } from "../support/frame.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { isReplayed, keyed, largeBody, told } from "../support/keyed.ts";
import { makeProvider, readUsages } from "../support/world.ts";

// Some walk through every write, one after the other.
vi.setConfig({ testTimeout: 120_000 });

const WIDTH = 6;

describe("many repeats at once", () => {
  const servers = useServers(3, { verified: "after-each" });

  const together = (send: (index: number) => Promise<HttpAnswer>) =>
    Promise.all(Array.from({ length: WIDTH }, (_, index) => send(index)));

  function expectAlike(answers: readonly HttpAnswer[], what: string): void {
    for (const answer of answers)
      expect(told(answer), what).toEqual(told(answers[0] as HttpAnswer));
  }

  test("of every write have one effect and one answer", async () => {
    const provider = await makeProvider(servers.first, { VCPU: 100 });
    for (const step of everyWrite(provider)) {
      const headers = keyed(randomUUID());
      const answers = await together((index) => sendStep(servers.of(index), step, headers));
      expect(
        answers.map(({ status }) => status),
        `${step.what}: ${JSON.stringify(answers.map(({ body }) => body))}`,
      ).toEqual(answers.map(() => step.status));
      if (step.status >= 300) continue;
      expectAlike(answers, step.what);
      expect(answers.filter((answer) => !isReplayed(answer)).length, step.what).toBeLessThan(2);
    }
    expect(await readUsages(servers.first, provider)).toEqual({ VCPU: 0 });
  });

  test("make one consumer and one provider with one uuid of the server's", async () => {
    for (const [path, body] of [
      ["/consumers", { project_id: "p", user_id: "u" }],
      ["/resource_providers", { name: randomUUID() }],
    ] as const) {
      const given = { body, headers: keyed(randomUUID()) };
      const answers = await together((index) => servers.of(index).request("POST", path, given));
      expectAlike(answers, path);
      expect(answers[0]?.body.uuid).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test("of a large change have one effect", async () => {
    const providers = [
      await makeProvider(servers.first, { VCPU: 90 }),
      await makeProvider(servers.first, { VCPU: 90 }),
    ];
    const given = { body: largeBody(providers), headers: keyed(randomUUID()) };
    const answers = await together((index) =>
      servers.of(index).request("POST", "/allocations", given),
    );
    expect(
      answers.map(({ status }) => status),
      JSON.stringify(answers.map(({ body }) => body)),
    ).toEqual(answers.map(() => 204));
    expect(await readUsages(servers.first, providers[1] ?? "")).toEqual({ VCPU: 40 });
  });

  test("of two requests under one key let one of them through", async () => {
    const headers = keyed(randomUUID());
    const names = [randomUUID(), randomUUID()];
    const answers = await together((index) => {
      const body = { name: names[index % 2] };
      return servers.of(index).request("POST", "/resource_providers", { body, headers });
    });
    const winner = answers.find(({ status }) => status === 200)?.body.name;
    for (const [index, { status, body }] of answers.entries()) {
      const won = names[index % 2] === winner;
      expect(status, JSON.stringify(body)).toBe(won ? 200 : 422);
    }
  });
});

describe("a repeat in the middle of the first request", () => {
  const between = useBetween();

  test("of every write is the one that is done, and both are answered alike", async () => {
    const provider = await makeProvider(between.quick, { VCPU: 100 });
    for (const step of everyWrite(provider)) {
      const headers = keyed(randomUUID());
      const inner: HttpAnswer[] = [];
      const times = between.before(isWrite, async () => {
        inner.push(await sendStep(between.quick, step, headers));
      });
      const outer = await sendStep(between.slow, step, headers);
      expect(outer.status, `${step.what}: ${JSON.stringify(outer.body)}`).toBe(step.status);
      if (step.status >= 300) continue;
      expect(times(), step.what).toBe(1);
      expect(told(outer), step.what).toEqual(told(inner[0] as HttpAnswer));
      expect(isReplayed(outer), step.what).toBe(true);
    }
    expect(await readUsages(between.quick, provider)).toEqual({ VCPU: 0 });
  });

  test("that has come about by the time the first one reads is found by it", async () => {
    const provider = await makeProvider(between.quick, { VCPU: 100 });
    for (const step of everyWrite(provider).filter(({ status }) => status < 300)) {
      const headers = keyed(randomUUID());
      const inner: HttpAnswer[] = [];
      let reads = 0;
      // After the look for the record, before whatever the operation reads.
      const times = between.before(
        ({ keys }) => {
          const own = keys.every(({ pk }) => pk.startsWith("IDEMPOTENCY#") || pk === "META#TABLE");
          reads += 1;
          return reads > 1 && !own;
        },
        async () => {
          inner.push(await sendStep(between.quick, step, headers));
        },
      );
      const outer = await sendStep(between.slow, step, headers);
      expect(outer.status, `${step.what}: ${JSON.stringify(outer.body)}`).toBe(step.status);
      if (times() === 1) expect(told(outer), step.what).toEqual(told(inner[0] as HttpAnswer));
    }
    expect(await readUsages(between.quick, provider)).toEqual({ VCPU: 0 });
  });
});
