/** Where the engine listens. */
import { describe, expect, inject, it } from "vitest";
import { freePlace, randomLoopback } from "../../lib/local/loopback.ts";
import { accepts } from "../../lib/local/ports.ts";
import { testEndpoint } from "../support/engine.ts";

const greatest = (below: number) => below - 1;
const least = () => 0;

describe("the engine's address", () => {
  it("is any of 127.0.0.0/8 but the ones that are tried first", () => {
    expect(randomLoopback(least)).toBe("127.0.1.1");
    expect(randomLoopback(greatest)).toBe("127.255.255.254");
    const drawn = [0x1234, 0x55];
    expect(randomLoopback(() => drawn.shift() ?? 0)).toBe("127.18.53.86");
  });

  it("is 127.0.0.1 where the system has no other", async () => {
    const asked: string[] = [];
    const free = async (host: string) => {
      asked.push(host);
      if (host !== "127.0.0.1") throw Object.assign(new Error(), { code: "EADDRNOTAVAIL" });
      return 4711;
    };
    expect(await freePlace(least, free)).toEqual({ host: "127.0.0.1", port: 4711 });
    expect(asked).toEqual(["127.0.1.1", "127.0.0.1"]);
    const broken = async () => {
      throw Object.assign(new Error(), { code: "EMFILE" });
    };
    await expect(freePlace(least, broken)).rejects.toMatchObject({ code: "EMFILE" });
  });

  it.skipIf(process.platform !== "linux")("is another one each time", async () => {
    const places = await Promise.all(Array.from({ length: 8 }, () => freePlace()));
    expect(new Set(places.map(({ host }) => host)).size).toBe(8);
    for (const { host } of places) expect(host).toMatch(/^127\.(?!0\.0\.)/);
  });

  it.skipIf(process.platform !== "linux" || inject("engine") !== "dynoxide")(
    "answers, and 127.0.0.1 with the same port does not",
    async () => {
      const { hostname, port } = new URL(testEndpoint());
      expect(hostname).toMatch(/^127\.(?!0\.0\.)/);
      expect(await accepts({ host: hostname, port: Number(port) })).toBe(true);
      expect(await accepts({ host: "127.0.0.1", port: Number(port) })).toBe(false);
    },
  );
});
