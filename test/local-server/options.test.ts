import { describe, expect, it } from "vitest";
import { HELP } from "../../lib/local/help.ts";
import { parseOptions } from "../../lib/local/options.ts";
import { StartFailure } from "../../lib/local/start-failure.ts";

describe("the options of npm start", () => {
  it("have defaults", () => {
    expect(parseOptions([], {})).toMatchObject({
      port: 8778,
      storage: { kind: "folder", folder: ".placement" },
      configuration: { policy: "secure", corsOrigins: [] },
      limits: { running: 64, waiting: 1_024 },
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
    });
    expect(options).toMatchObject({
      port: 9000,
      storage: { kind: "folder", folder: "/srv/placement" },
      configuration: {
        policy: "legacy",
        corsOrigins: ["http://a.example", "http://b.example"],
        incompleteProject: "nobody",
      },
      limits: { running: 8, waiting: 16 },
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
    [[], { PLACEMENT_AUTH_STRATEGY: "keystone" }, "PLACEMENT_AUTH_STRATEGY must be noauth2"],
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
      ...["DYNAMODB_ENDPOINT", "PLACEMENT_POLICY"],
    ]) {
      expect(HELP).toContain(name);
    }
  });
});
