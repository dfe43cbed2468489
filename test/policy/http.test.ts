import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useApi } from "../support/frame.ts";
import { Program } from "../support/program.ts";
import { detailOf } from "../support/world.ts";

const FORBIDDEN = "Access was denied to this resource.\n\n Policy does not allow";

describe("requests under an overridden policy", () => {
  const api = useApi({
    configuration: {
      policy: "legacy",
      policyRules: {
        ops: "role:ops and not project_id:guests",
        "placement:traits:list": "rule:ops",
        "placement:resource_classes:list": [["role:a", "role:b"], ["user_id:root"]],
        "placement:resource_providers:list": "project_id:%(project_id)s",
        "placement:usages": "user_id:%(user_id)s or rule:project_reader_api",
        "placement:consumers:list": "@",
        "placement:reshaper:reshape": "!",
      },
    },
  });
  const readOnly = useApi({ configuration: { policyRules: { admin_or_service_api: "!" } } });

  it.each([
    ["/traits", "u:p", "ops", 200],
    ["/traits", "u:guests", "ops", 403],
    ["/traits", "admin", "admin", 403],
    ["/resource_classes", "u", "a,b", 200],
    ["/resource_classes", "u", "a", 403],
    ["/resource_classes", "root", "", 200],
    ["/resource_providers", "u", "", 200],
    ["/consumers?idle_for=1", "u", "", 200],
    // The target of usages is the query's project, and has no user.
    ["/usages?project_id=p&user_id=u", "u:q", "member", 403],
    ["/usages?project_id=p", "u:p", "reader", 200],
    ["/usages?project_id=p", "u:q", "reader", 403],
    ["/usages?project_id=q&project_id=p", "u:p", "reader", 200],
    ["/usages", "u:p", "reader", 403],
  ])("GET %s as %s with the roles '%s' is %d", async (path, token, roles, status) => {
    expect((await api.request("GET", path, { token, roles })).status).toBe(status);
  });

  it("are refused with the rule's name, before the body is looked at", async () => {
    const answer = await api.request("POST", "/reshaper", { body: {}, roles: "admin,service" });
    expect(answer.status).toBe(403);
    expect(detailOf(answer)).toBe(`${FORBIDDEN} placement:reshaper:reshape to be performed.  `);
    expect(answer.body.errors[0]).toMatchObject({
      title: "Forbidden",
      code: "placement.undefined_code",
    });
    expect(answer.headers["vary"]).toBeUndefined();
  });

  it("are refused with the bare rule's name for the scope of the system", async () => {
    const headers = { "openstack-system-scope": "all" };
    const answer = await api.request("GET", "/consumers?idle_for=1", { headers });
    expect(answer.status).toBe(403);
    expect(detailOf(answer)).toBe(
      "Access was denied to this resource.\n\n placement:consumers:list  ",
    );
  });

  it("need a token even where everybody is permitted", async () => {
    const answer = await api.request("GET", "/consumers?idle_for=1", { token: null });
    expect(answer.status).toBe(401);
  });

  it("write nothing when they are refused", async () => {
    const before = await readOnly.items();
    const body = { name: "n" };
    expect((await readOnly.request("POST", "/resource_providers", { body })).status).toBe(403);
    expect((await readOnly.request("PUT", "/traits/CUSTOM_A")).status).toBe(403);
    expect(await readOnly.items()).toEqual(before);
  });
});

describe("npm start", () => {
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "policy-"));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("refuses a policy file with a bad rule, in one line", async () => {
    const file = join(folder, "bad.json");
    await writeFile(file, JSON.stringify({ "placement:usages": "role:admin or" }));
    const program = new Program({
      args: ["--memory", "--port", "0"],
      environment: { PLACEMENT_POLICY: file },
      cwd: folder,
    });
    expect(await program.ended).toBe(2);
    expect(program.stderr).toBe(
      "placement: rule placement:usages: it ends where a check should be\n",
    );
    expect(program.stdout).toBe("");
  });

  it("serves under the rules of a file", async () => {
    await writeFile(join(folder, "policy.json"), JSON.stringify({ "placement:traits:list": "@" }));
    const program = new Program({
      args: ["--memory", "--port", "0"],
      environment: { PLACEMENT_POLICY: "policy.json" },
      cwd: folder,
    });
    const url = await program.ready();
    const headers = { "x-auth-token": "u", "openstack-api-version": "placement 1.6" };
    const status = async (path: string) => (await fetch(`${url}${path}`, { headers })).status;
    expect(await status("/traits")).toBe(200);
    expect(await status("/resource_classes")).toBe(403);
    expect(await program.stop()).toBe(0);
  });
});
