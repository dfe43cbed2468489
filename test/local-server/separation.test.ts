import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { bundledSources, root } from "../../infra/bundling.mjs";

it("no function contains anything of the local server, its belief in headers least of all", async () => {
  const entryPoints = readdirSync(`${root}/functions`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `functions/${path}`);
  const inputs = await bundledSources(entryPoints);
  expect(inputs).toContain("lib/api/lambda.ts");
  expect(inputs.filter((path) => path.startsWith("lib/local/"))).toEqual([]);
  // They call DynamoDB by less code than the SDK's client.
  expect(inputs).toContain("lib/store/table/wire/client.ts");
  expect(inputs).not.toContain("lib/store/table/sdk-client.ts");
});
