import { describe, expect, it } from "vitest";
import { fitting } from "../../functions/allocation-candidates/fit.ts";

describe("an answer that would be too large", () => {
  const items = Array.from({ length: 100 }, (_, index) => `item ${index}`.padEnd(100));
  const make = async (some: readonly string[]) => ({ body: some, estimate: 200 * some.length });
  const bytes = (body: unknown) => JSON.stringify(body).length;

  it("keeps the first candidates, as many as fit", async () => {
    const body = await fitting(items, make, 5_000);
    expect(body).toEqual(items.slice(0, body.length));
    expect(bytes(body)).toBeLessThanOrEqual(5_000);
    expect(body.length).toBeGreaterThan(40);
  });

  it("keeps all if they fit, and one if none does", async () => {
    expect(await fitting(items, make, 20_000)).toHaveLength(100);
    expect(await fitting(items, make, 10)).toHaveLength(1);
    expect(await fitting([], make, 10)).toEqual([]);
  });
});
