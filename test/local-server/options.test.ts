import { describe, expect, it } from "vitest";
import { HELP } from "../../lib/local/help.ts";
import { parseOptions } from "../../lib/local/options.ts";
import { StartFailure } from "../../lib/local/start-failure.ts";

const URL = ["--keystone-url", "http://keystone:5000"];
const ISSUER = ["--jwt-issuer", "https://issuer.example", "--jwt-audience", "placement"];
const OPENRC = { OS_USERNAME: "placement", OS_PASSWORD: "secret", OS_PROJECT_NAME: "service" };

describe("the options of npm start", () => {
  it("have defaults", () => {
    expect(parseOptions([], {})).toMatchObject({
      port: 8778,
      storage: { kind: "folder", folder: ".placement" },
      configuration: { policy: "secure", corsOrigins: [] },
      limits: { running: 64, waiting: 1_024, closeTimeout: 30_000 },
      allowedHosts: [],
    });
  });

  it("name hosts, each in its one form", () => {
    const hosts = (args: readonly string[], text = "") =>
      parseOptions(args, { PLACEMENT_ALLOWED_HOSTS: text })?.allowedHosts;
    expect(hosts(["--allow-host", "A.Example.", "--allow-host=[::0:1]"])).toEqual([
      "a.example",
      "[::1]",
    ]);
    expect(hosts([], "a.example, 10.0.0.1,b_c.example")).toEqual([
      "a.example",
      "10.0.0.1",
      "b_c.example",
    ]);
    expect(hosts(["--allow-host", "a"], "b")).toEqual(["a"]);
  });

  it("are read from the environment", () => {
    const options = parseOptions([], {
      PORT: "9000",
      PLACEMENT_STATE_DIR: "/srv/placement",
      PLACEMENT_POLICY: "legacy",
      PLACEMENT_CORS_ORIGINS: "http://a.example, http://b.example",
      PLACEMENT_INCOMPLETE_PROJECT: "nobody",
      PLACEMENT_AUTH_STRATEGY: "noauth2",
      PLACEMENT_MAX_RUNNING: "8",
      PLACEMENT_MAX_WAITING: "16",
      PLACEMENT_GRACE_PERIOD: "0",
    });
    expect(options).toMatchObject({
      port: 9000,
      storage: { kind: "folder", folder: "/srv/placement" },
      configuration: {
        policy: "legacy",
        corsOrigins: ["http://a.example", "http://b.example"],
        incompleteProject: "nobody",
      },
      limits: { running: 8, waiting: 16, closeTimeout: 0 },
    });
  });

  it("say who callers are, by flag or by variable", () => {
    const auth = (args: readonly string[], environment = {}) =>
      parseOptions(args, environment)?.auth;
    expect(auth([])).toEqual({ kind: "noauth" });
    for (const word of ["noauth", "noauth2"]) {
      expect(auth(["--auth", word])).toEqual({ kind: "noauth" });
      expect(auth([], { PLACEMENT_AUTH_STRATEGY: word })).toEqual({ kind: "noauth" });
    }
    const keystone = {
      kind: "keystone",
      url: "http://keystone:5000/v3",
      credential: OPENRC,
      tokenCacheTime: 300,
    };
    expect(auth(["--auth", "keystone", ...URL], OPENRC)).toMatchObject(keystone);
    const strategy = { PLACEMENT_AUTH_STRATEGY: "keystone" };
    const named = { ...OPENRC, ...strategy, OS_AUTH_URL: "http://keystone:5000/v3/" };
    expect(auth([], named)).toMatchObject(keystone);
    const application = {
      OS_APPLICATION_CREDENTIAL_ID: "i",
      OS_APPLICATION_CREDENTIAL_SECRET: "s",
    };
    expect(auth(["--auth", "keystone", ...URL], { ...application, OS_USERNAME: "" })).toMatchObject(
      {
        credential: application,
      },
    );
    expect(auth(["--auth", "jwt", ...ISSUER, "--jwt-claims", '{"user":"email"}'])).toEqual({
      kind: "jwt",
      issuer: "https://issuer.example",
      audience: "placement",
      claims: { user: "email", project: "project_id", roles: "roles" },
      ca: undefined,
    });
  });

  it("say where the server is", () => {
    expect(parseOptions([], {})).toMatchObject({ listen: "127.0.0.1", mount: { basePath: "" } });
    const args = ["--auth", "jwt", ...ISSUER, "--listen", "::", "--base-path", "/placement"];
    expect(parseOptions([...args, "--trust-forwarded-prefix"], {})).toMatchObject({
      listen: "::",
      mount: { basePath: "/placement", trustsForwarded: true },
    });
    const variables = { PLACEMENT_BASE_PATH: "/a/b", PLACEMENT_TRUST_FORWARDED_PREFIX: "true" };
    expect(parseOptions([], variables)).toMatchObject({
      mount: { basePath: "/a/b", trustsForwarded: true },
    });
  });

  it("take an empty variable for an unset one", () => {
    const options = parseOptions([], { PORT: "", PLACEMENT_POLICY: "", DYNAMODB_ENDPOINT: "" });
    expect(options).toEqual(parseOptions([], {}));
  });

  const endpoint = "http://127.0.0.1:8000";
  it.each([
    [["--port", "1"], { PORT: "2" }, { port: 1 }],
    [["--data", "a"], { PLACEMENT_STATE_DIR: "b" }, { storage: { kind: "folder", folder: "a" } }],
    [["--memory"], { PLACEMENT_STATE_DIR: "b" }, { storage: { kind: "memory" } }],
    [["--memory"], { DYNAMODB_ENDPOINT: endpoint }, { storage: { kind: "memory" } }],
    [["--data", "a"], { DYNAMODB_ENDPOINT: endpoint }, { storage: { kind: "folder" } }],
    [
      [],
      { DYNAMODB_ENDPOINT: endpoint, PLACEMENT_STATE_DIR: "b", TABLE_NAME: "other" },
      { storage: { kind: "endpoint", endpoint, tableName: "other" } },
    ],
  ])("let a flag win over the environment: %j with %j", (args, environment, expected) => {
    expect(parseOptions(args, environment)).toMatchObject(expected);
  });

  it.each([
    [["--bogus"], {}, "--bogus"],
    [["extra"], {}, "extra"],
    [["--port"], {}, "--port"],
    [["--port", "x"], {}, "--port must be a whole number from 0 to 65535, not 'x'"],
    [["--port", "65536"], {}, "--port must be"],
    [["--port", "-1"], {}, "--port"],
    [["--data", ""], {}, "--data needs a folder"],
    [["--memory", "--data", "a"], {}, "exclude each other"],
    [[], { PORT: "1.5" }, "PORT must be"],
    [[], { PLACEMENT_AUTH_STRATEGY: "basic" }, "PLACEMENT_AUTH_STRATEGY must be noauth, keystone"],
    [[], { PLACEMENT_AUTH_STRATEGY: "keystone" }, "--auth keystone needs --keystone-url"],
    [["--auth", "keystone", ...URL], {}, "needs a credential that may validate tokens"],
    [["--auth", "keystone", ...URL], { OS_USERNAME: "u" }, "OS_USERNAME, OS_PASSWORD"],
    [["--auth", "keystone", "--keystone-url", "x"], OPENRC, "--keystone-url must be a URL"],
    [["--auth", "keystone", "--keystone-url", "http://u:p@h"], OPENRC, "--keystone-url must be"],
    [["--auth", "keystone", ...URL], { ...OPENRC, OS_CACERT: "/no/file" }, "(ENOENT): '/no/file'"],
    [
      ["--auth", "keystone", ...URL],
      { ...OPENRC, OS_CACERT: "package.json" },
      "certificates as PEM",
    ],
    [["--auth", "jwt"], {}, "--auth jwt needs --jwt-issuer and --jwt-audience"],
    [["--auth", "jwt", ...ISSUER, "--jwt-claims", "{"], {}, "--jwt-claims must be a JSON object"],
    [["--auth", "jwt", ...ISSUER, "--jwt-claims", '{"x":"y"}'], {}, "--jwt-claims must be"],
    [["--listen", "0.0.0.0"], {}, "--listen needs --auth keystone or --auth jwt"],
    [[], { PLACEMENT_LISTEN: "::" }, "--listen needs --auth keystone or --auth jwt"],
    [["--auth", "jwt", ...ISSUER, "--listen", "localhost"], {}, "--listen must be an IP address"],
    [["--base-path", "placement"], {}, "--base-path must be a path like /placement"],
    [["--base-path", "//evil.example"], {}, "--base-path must be"],
    [[], { PLACEMENT_BASE_PATH: "/a/" }, "PLACEMENT_BASE_PATH must be"],
    [[], { PLACEMENT_POLICY: "lax" }, "PLACEMENT_POLICY must be secure, legacy or open"],
    [[], { DYNAMODB_ENDPOINT: "localhost" }, "DYNAMODB_ENDPOINT must be a URL"],
    [[], { TABLE_NAME: "ab" }, "TABLE_NAME must be"],
    [["--allow-host", "a.example:80"], {}, "--allow-host must be host names or addresses"],
    [["--allow-host", ""], {}, "--allow-host must be"],
    [["--allow-host", "http://a.example"], {}, "--allow-host must be"],
    [["--allow-host", "*"], {}, "--allow-host must be"],
    [["--allow-host", "*.example"], {}, "--allow-host must be"],
    [["--allow-host", "::1"], {}, "--allow-host must be"],
    [[], { PLACEMENT_ALLOWED_HOSTS: "a.example,,b" }, "PLACEMENT_ALLOWED_HOSTS must be"],
  ])("refuse %j with %j in one line", (args, environment, words) => {
    let failure: unknown;
    try {
      parseOptions(args, environment);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(StartFailure);
    const { message, exitStatus } = failure as StartFailure;
    expect(message).toContain(words);
    expect(message).not.toContain("\n");
    expect(exitStatus).toBeGreaterThan(0);
  });

  it("ask for help", () => {
    expect(parseOptions(["--help"], {})).toBeUndefined();
    for (const name of [
      ...["--port", "--data", "--memory", "--allow-host", "PLACEMENT_ALLOWED_HOSTS"],
      ...["DYNAMODB_ENDPOINT", "PLACEMENT_POLICY", "--auth", "--keystone-url", "--jwt-issuer"],
      ...["--listen", "--base-path", "--trust-forwarded-prefix", "OS_CACERT"],
    ]) {
      expect(HELP).toContain(name);
    }
  });
});
