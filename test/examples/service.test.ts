/** The units of systemd and the container file: what they use exists. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { bundleKeptProgram } from "../../infra/bundling.mjs";
import { BACKUP_HELP } from "../../lib/local/backup-options.ts";
import { HELP } from "../../lib/local/help.ts";
import { parseOptions } from "../../lib/local/options.ts";
import { START_FLAGS } from "../support/program.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = join(ROOT, "examples/service");
const INSTALLED = "/opt/serverless-placement/";
/** Of Node.js and the SDK, not of this project. */
const FOREIGN = ["NODE_ENV", "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"];

/** A package, without the path in it. */
const IMPORT = /from "(@[^/"]+\/[^/"]+|[^./"@][^/"]*)/g;
const textOf = (name: string) => readFileSync(join(FOLDER, name), "utf8");

/** The values of each setting of a unit, without comments. */
function settingsOf(name: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  for (const line of textOf(name).split("\n")) {
    const [, key = "", value = ""] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key !== "") settings.set(key, [...(settings.get(key) ?? []), value]);
    else expect(line).toMatch(/^(#.*|\[(Unit|Service|Install|Timer)\]|)$/);
  }
  return settings;
}

/** Instructions of the container file, with continued lines joined, in order. */
function instructions(): readonly (readonly [name: string, rest: string])[] {
  const lines = textOf("Containerfile")
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n\s*/g, " ")
    .split("\n");
  return lines.filter(Boolean).map((line) => {
    const [, name = "", rest = ""] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    expect([line, name]).not.toEqual([line, ""]);
    return [name, rest];
  });
}

const only = (name: string) =>
  instructions().flatMap(([each, rest]) => (each === name ? [rest] : []));
const flagsIn = (command: string) => command.match(/--[a-z][a-z-]*/g) ?? [];
const namesIn = (text: string) => text.match(/\b[A-Z][A-Z_]+(?==)/g) ?? [];

function expectKnown(flags: readonly string[], variables: readonly string[], help: string): void {
  for (const flag of flags) expect(help).toMatch(new RegExp(`^ +${flag}\\b`, "m"));
  for (const name of variables.filter((each) => !FOREIGN.includes(each))) {
    expect(help).toMatch(new RegExp(`\\b${name}\\b`));
  }
}

describe("placement.service", () => {
  const unit = settingsOf("placement.service");
  const one = (name: string) => unit.get(name)?.join("|");
  const environment = unit.get("Environment") ?? [];

  test("starts the program with flags and variables that it knows", () => {
    const [command = ""] = unit.get("ExecStart") ?? [];
    const [, flags = "", script = "", ...args] = command.split(" ");
    expect([flags]).toEqual(START_FLAGS);
    expectKnown(flagsIn(args.join(" ")), environment.flatMap(namesIn), HELP);
    expect(script).toBe(`${INSTALLED}dist/local/main.mjs`);
    const variables = environment.map((each) => each.split("="));
    const options = parseOptions(args, Object.fromEntries(variables));
    expect(options?.storage).toEqual({
      kind: "folder",
      folder: `/var/lib/${one("StateDirectory")}`,
    });
    // The limit is longer than what the server takes to stop.
    expect(Number(one("TimeoutStopSec")) * 1_000).toBeGreaterThan(
      (options?.limits.closeTimeout ?? Number.POSITIVE_INFINITY) + 5_000,
    );
  });

  test("stops the server before its engine, and waits for no notification", () => {
    expect(one("Type")).toBe("exec");
    expect([one("KillSignal"), one("KillMode")]).toEqual(["SIGTERM", "mixed"]);
  });

  test("gives it few rights", () => {
    const names = ["DynamicUser", "NoNewPrivileges", "ProtectSystem", "CapabilityBoundingSet"];
    expect(names.map(one)).toEqual(["yes", "yes", "strict", ""]);
    expect([one("StateDirectoryMode"), one("UMask")]).toEqual(["0700", "0077"]);
  });
});

test("placement-backup.service copies the data of the server, as its user", () => {
  const [server, unit] = ["placement", "placement-backup"].map((name) =>
    settingsOf(`${name}.service`),
  );
  const [command = ""] = unit?.get("ExecStart") ?? [];
  expectKnown(flagsIn(command), [], BACKUP_HELP);
  expect(command).toContain(`${INSTALLED}dist/local/backup.mjs --data /var/lib/placement --to`);
  for (const name of ["User", "DynamicUser", "UMask"]) {
    expect(unit?.get(name)).toEqual(server?.get(name));
  }
  expect(unit?.get("StateDirectory")).toEqual(["placement placement-backups"]);
});

/** Of an older systemd, some settings are unknown: those are warnings. */
const analyze = spawnSync("systemd-analyze", ["--version"]).status === 0;

test.skipIf(!analyze)("systemd finds nothing wrong with the units", async () => {
  const folder = await mkdtemp(join(tmpdir(), "placement-"));
  const names = readdirSync(FOLDER).filter((name) => /\.(service|timer)$/.test(name));
  expect(names).toHaveLength(3);
  for (const name of names) {
    // Node.js may be elsewhere on this machine.
    const text = textOf(name).replaceAll("/usr/bin/node", process.execPath);
    await writeFile(join(folder, name), text);
  }
  const files = names.map((name) => join(folder, name));
  try {
    expect(execFileSync("systemd-analyze", ["verify", ...files], { encoding: "utf8" })).toBe("");
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe("the container file", () => {
  const command = (name: string): string[] => JSON.parse(only(name).at(-1) ?? "");

  test("is built on the release of Node.js that the tests run on", () => {
    const release = readFileSync(join(ROOT, ".nvmrc"), "utf8").trim();
    const images = only("FROM").map((rest) => rest.split(" ")[0]);
    expect(images).toHaveLength(2);
    expect(new Set(images)).toEqual(new Set([`docker.io/library/node:${release}-bookworm-slim`]));
  });

  test("starts the program with flags and variables that it knows, on its volume", () => {
    const [flags, script, ...args] = [...command("ENTRYPOINT").slice(1), ...command("CMD")];
    expect([flags]).toEqual(START_FLAGS);
    expect(script).toBe("dist/local/main.mjs");
    const variables = only("ENV").flatMap((rest) =>
      rest.split(/\s+/).map((each) => each.split("=")),
    );
    expectKnown(
      flagsIn(args.join(" ")),
      variables.flatMap(([name = ""]) => name),
      HELP,
    );
    const options = parseOptions(args, Object.fromEntries(variables));
    expect(options?.storage).toEqual({ kind: "folder", folder: only("VOLUME")[0] });
    expect(only("EXPOSE")).toEqual([String(options?.port)]);
    expect(only("STOPSIGNAL")).toEqual(["SIGTERM"]);
  });

  test("runs as no root, and asks whether it is alive", () => {
    const names = instructions().map(([name]) => name);
    expect(only("USER")).toEqual(["node"]);
    expect(names.lastIndexOf("RUN")).toBeLessThan(names.indexOf("USER"));
    const [check = ""] = only("HEALTHCHECK");
    const words: string[] = JSON.parse(check.slice(check.indexOf("[")));
    expect(words.slice(0, 2)).toEqual(["node", "--eval"]);
    // Nobody listens on this port: it fails, and says so by its status alone.
    const env = { ...process.env, PORT: "1" };
    expect(spawnSync(process.execPath, words.slice(1), { env })).toMatchObject({ status: 1 });
    expect(words[2]).toContain("/healthz");
  });

  test("makes the folders that its document mounts volumes on, as their user", () => {
    const document = readFileSync(join(ROOT, "docs/local-server.md"), "utf8");
    const mounted = [...document.matchAll(/--volume [a-z-]+:(\/\w+)/g)].map(([, path]) => path);
    expect(mounted).toEqual(["/data", "/backups"]);
    const run = only("RUN").at(-1);
    expect(run).toBe(
      `mkdir --mode=0700 ${mounted.join(" ")} && chown node:node ${mounted.join(" ")}`,
    );
    // A backup is made beside its place: that is in the volume, too.
    const [, to = ""] = /backup\.mjs --data \/data --to (\S+)/.exec(document) ?? [];
    expect(mounted).toContain(dirname(to));
  });

  test("copies what exists, and its build ignores nothing of it", () => {
    const kept = textOf("Containerfile.dockerignore").match(/^!.*$/gm);
    const copied = only("COPY").filter((rest) => !rest.startsWith("--from"));
    const sources = copied.flatMap((rest) => rest.split(" ").slice(0, -1));
    expect(kept?.map((line) => line.slice(1)).sort()).toEqual(sources.sort());
    for (const source of sources)
      expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
  });
});

test("the console of an installation is built from no such package either", () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const files = readdirSync(join(ROOT, "console"), { recursive: true, encoding: "utf8" });
  const imported = files
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => [...readFileSync(join(ROOT, "console", file), "utf8").matchAll(IMPORT)])
    .map(([, name = ""]) => name);
  expect(new Set(imported).size).toBeGreaterThan(3);
  expect(imported.filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
});

test("the programs of an installation need no package that npm installs for development alone", async () => {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  expect(only("RUN")[0]).toContain("npm ci --omit=dev");
  const packages = new Set<string>();
  for (const name of ["main", "backup", "verify"]) {
    const outputs = await bundleKeptProgram(`lib/local/${name}.ts`, join(ROOT, `dist/${name}.mjs`));
    const map = outputs.find(({ path }) => path.endsWith(".map"));
    for (const source of JSON.parse(map?.text ?? "").sources as string[]) {
      const [found] = /node_modules\/(@[^/]+\/)?[^/]+(?!.*node_modules\/)/.exec(source) ?? [];
      if (found !== undefined) packages.add(found);
    }
  }
  expect(packages.size).toBeGreaterThan(5);
  for (const path of [...packages, "node_modules/esbuild"]) {
    expect([path, lock.packages[path] !== undefined]).toEqual([path, true]);
    expect([path, lock.packages[path]?.dev ?? false]).toEqual([path, false]);
  }
});
