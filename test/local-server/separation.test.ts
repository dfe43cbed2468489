import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("no function contains anything of the local server, its belief in headers least of all", async () => {
  const entryPoints = readdirSync(`${root}/functions`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `functions/${path}`);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outdir: "unused",
    write: false,
    metafile: true,
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs).toContain("lib/api/lambda.ts");
  expect(inputs.filter((path) => path.startsWith("lib/local/"))).toEqual([]);
});
