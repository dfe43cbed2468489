/**
 * The npm package as others have it: packed, unpacked into a project of its own that has
 * nothing of this repository but the packages it depends on, type-checked, and run.
 */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operations, tasks } from "../../functions/index.ts";
import { useApi } from "../support/frame.ts";
import { ROOT } from "../support/sources.ts";
import { makeProvider, readClaim } from "../support/world.ts";

const api = useApi();
const run = promisify(execFile);
const PACKAGE = "serverless-placement";
/** Milliseconds: the package is built, and a project is type-checked. */
const LONG = 600_000;

let folder = "";
let files: readonly string[] = [];

/** Links what the package depends on, as an installation without a registry. */
function linkDependencies(project: string): void {
  const own = join(ROOT, "node_modules");
  for (const name of readdirSync(own).filter((each) => !each.startsWith("."))) {
    symlinkSync(join(own, name), join(project, "node_modules", name));
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "placement-package-"));
  const destination = ["--pack-destination", folder];
  const { stdout } = await run("npm", ["pack", "--json", ...destination], {
    cwd: ROOT,
    maxBuffer: 2 ** 24,
  });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf("[\n")));
  files = packed.files.map(({ path }: { path: string }) => path);
  mkdirSync(join(folder, "node_modules"));
  linkDependencies(folder);
  await run("tar", ["-xzf", packed.filename], { cwd: folder });
  renameSync(join(folder, "package"), join(folder, "node_modules", PACKAGE));
  writeFileSync(join(folder, "package.json"), '{"name": "another", "type": "module"}\n');
}, LONG);

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const OPTIONS = ["--strict", "--target", "es2023", "--types", "node"];
const NODENEXT = ["--module", "nodenext", "--moduleResolution", "nodenext"];
const BUNDLER = ["--module", "esnext", "--moduleResolution", "bundler", "--noEmit"];

/** Type-checks `name.ts`, and makes `name.js` of it unless it is told not to. */
function compile(name: string, options: readonly string[]) {
  return run(process.execPath, [TSC, `${name}.ts`, ...OPTIONS, ...options], { cwd: folder }).catch(
    (error: { stdout?: string }) => {
      throw new Error(error.stdout);
    },
  );
}

describe("the package", () => {
  test("contains modules, types and functions, and no source and no secret", () => {
    for (const { id } of [...operations, ...tasks]) {
      expect(files).toContain(`dist/functions/${id}/index.mjs`);
    }
    expect(files).toContain("dist/types/lib/client/index.d.ts");
    const folders = new Set(files.map((path) => path.split("/").slice(0, 2).join("/")));
    const others = [...folders].filter((each) => !/^(?:dist|docs)\//.test(each)).sort();
    expect(others).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
    expect(files.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))).toEqual([]);
  });

  test("contains the console as it is built", () => {
    const folder = join(ROOT, "dist/console");
    const built = existsSync(folder)
      ? readdirSync(folder).map((each) => `dist/console/${each}`)
      : [];
    expect(files.filter((path) => path.startsWith("dist/console/")).sort()).toEqual(built.sort());
    expect(built.includes("dist/console/index.html")).toBe(existsSync(join(ROOT, "console")));
  });
});

describe("a function project", () => {
  const text = `
import { claim, overHttp, authToken, isRefusal, PlacementClient } from "serverless-placement/client";
import { keystone } from "serverless-placement/client/keystone";
import { byInvocation } from "serverless-placement/client/lambda";
import { sigv4 } from "serverless-placement/client/sigv4";
const [url = "", host = "", server = ""] = process.argv.slice(2);
const transport = overHttp({ url, credentials: authToken("admin") });
const client = new PlacementClient({ transport, version: "1.39" });
const owner = { project: "project", user: "user", type: "INSTANCE" };
await claim(client, server, () => ({ allocations: { [host]: { VCPU: 3 } }, owner }));
const { body } = await client.call("usages/show-by-provider", { parameters: { uuid: host } });
const used: number | undefined = body.usages["VCPU"];
// @ts-expect-error the body of 1.39 needs a consumer's generation
const wrong: Parameters<typeof client.call<"allocations/replace">>[1] = { parameters: { consumer_uuid: server }, body: { allocations: {} } };
const all = [keystone, byInvocation, sigv4, isRefusal].map((each) => typeof each);
console.log(JSON.stringify({ used, all }));
`;

  test("type-checks as Node and as bundlers resolve modules, and calls", {
    timeout: LONG,
  }, async () => {
    writeFileSync(join(folder, "function.ts"), text);
    await compile("function", BUNDLER);
    await compile("function", NODENEXT);
    const [host, server] = [await makeProvider(api, { VCPU: 8 }), randomUUID()];
    const { stdout } = await run(process.execPath, ["function.js", api.url, host, server], {
      cwd: folder,
    });
    expect(JSON.parse(stdout)).toEqual({ used: 3, all: Array(4).fill("function") });
    expect(await readClaim(api, server)).toMatchObject({ held: { [host]: { VCPU: 3 } } });
  });

  test("bundles neither zod nor the SDK with the client", () => {
    const modules = join(folder, "node_modules", PACKAGE, "dist/modules/client");
    const texts = readdirSync(modules, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".mjs") && path !== "sigv4.mjs")
      .map((path) => readFileSync(join(modules, path), "utf8"));
    const imported = texts.flatMap((each) => [...each.matchAll(/from "([^."][^"]*)"/g)]);
    expect(texts.length).toBeGreaterThan(2);
    expect(imported.map(([, name]) => name)).toEqual([]);
  });
});

describe("a CDK app", () => {
  test("type-checks, and synthesises with the functions of the package", {
    timeout: LONG,
  }, async () => {
    const example = readFileSync(join(ROOT, "examples/app.ts"), "utf8");
    writeFileSync(join(folder, "app.ts"), `${example}\nbuild().synth();\n`);
    // The CDK and its dependencies are not ours to check.
    await compile("app", [...NODENEXT, "--skipLibCheck"]);
    const out = join(folder, "cdk.out");
    await run(process.execPath, ["app.js"], {
      cwd: folder,
      env: { ...process.env, CDK_OUTDIR: out },
      maxBuffer: 2 ** 24,
    });
    const template = JSON.parse(readFileSync(join(out, "Scheduler.template.json"), "utf8"));
    const resources = Object.values<{ Type: string; Properties: Record<string, unknown> }>(
      template.Resources,
    );
    const names = resources
      .filter(({ Type }) => Type === "AWS::Lambda::Function")
      .map(({ Properties }) => Properties["FunctionName"]);
    expect(names).toContain("placement-allocations-replace");
    expect(names.length).toBeGreaterThanOrEqual(operations.length);
    const policies = JSON.stringify(
      Object.values<{ Type: string }>(template.Resources).filter(
        ({ Type }) => Type === "AWS::IAM::Policy",
      ),
    );
    expect(policies).toContain("lambda:InvokeFunction");
    expect(policies).toMatch(/allocations-?replace/i);
    expect(policies).not.toContain(":*");
    const assets = readdirSync(out).filter((name) => name.startsWith("asset."));
    expect(
      assets.filter((name) => existsSync(join(out, name, "index.mjs"))).length,
    ).toBeGreaterThan(20);
  });
});
