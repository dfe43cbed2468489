/** What the files around the source say of the project is true of it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/sources.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const { engines, repository, scripts } = JSON.parse(read("package.json"));

describe(".nvmrc", () => {
  it("names a release that the engines field admits", () => {
    const numbers = (text: string) => text.match(/\d+/g)?.map(Number) ?? [];
    const [major = 0, minor = 0] = numbers(read(".nvmrc"));
    const [least = 0, leastMinor = 0] = numbers(engines.node);
    expect(engines.node).toMatch(/^>=\d+\.\d+$/);
    expect(major > least || (major === least && minor >= leastMinor)).toBe(true);
  });
});

describe("package.json", () => {
  it("names the repository", () => {
    const url = "git+https://github.com/serverless-placement/serverless-placement.git";
    expect(repository).toEqual({ type: "git", url });
  });
});

describe("the public workflow", () => {
  const workflow = read(".github/workflows/ci.yml");

  it("runs the commands of the README and everything", () => {
    const runs = [...workflow.matchAll(/- run: (.+)/g)].map(([, command]) => command);
    expect(runs).toEqual(["npm ci", "npm test", ".ci/run"]);
  });

  it("pins every action to a commit, may read only, and takes Node from .nvmrc", () => {
    const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    expect(workflow).toContain("\npermissions:\n  contents: read\n");
    expect(workflow.match(/write/g)).toBeNull();
    expect(workflow.match(/node-version-file: \.nvmrc/g)).toHaveLength(2);
  });
});

describe.each(["README.md", "CONTRIBUTING.md", "SECURITY.md"])("%s", (file) => {
  const text = read(file);

  it("names scripts that there are", () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? "");
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it("names files and folders that there are", () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => path ?? "");
    const quoted = [
      ...text.matchAll(/`((?:lib|functions|infra|scripts|test|docs|\.ci|\.github)\/[\w./-]*)`/g),
    ].map(([, path]) => path ?? "");
    const named = [...links, ...quoted];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
