/** The console of a stack: files that CloudFront alone reads, the API as a path of the same origin. */
import { readFileSync } from "node:fs";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { DISABLE_ASSET_STAGING_CONTEXT } from "aws-cdk-lib/cx-api";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { describe, expect, it, test } from "vitest";
import { BadSettings } from "../../infra/bad-settings.ts";
import { PlacementConsole } from "../../infra/console/placement-console.ts";
import type { ConsoleOptions } from "../../infra/console/props.ts";
import { type PlacementStack, PlacementStack as Stack } from "../../infra/placement-stack.ts";
import { readSettings } from "../../infra/settings.ts";
import { makeConsole } from "../console-server/made-console.ts";
import { type Resource, referred, useAssemblies } from "./support/assembly.ts";

const assemblies = useAssemblies();
const folder = makeConsole();
const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:placement-AbCdEf";
const IAM = { kind: "iam" };
const KEYSTONE = {
  kind: "keystone",
  url: "https://keystone.example:5000/v3",
  secretArn: SECRET,
};
const JWT = { kind: "jwt", issuer: "https://issuer.example/pool", audience: "placement" };
const CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/0";

/** A stack with a console whose files the test has made. */
function withConsole(
  endpoints: readonly object[],
  options: ConsoleOptions & { readonly folder?: string; readonly dashboard?: string } = {},
) {
  const made: PlacementConsole[] = [];
  const more = (stack: PlacementStack) => {
    const props = { placement: stack.placement, folder, ...options };
    made.push(new PlacementConsole(stack, "Console", props));
  };
  const assembly = assemblies({ endpoints }, { templateOnly: true, more });
  const [site] = made;
  if (site === undefined) throw new Error("there is no console");
  const { DistributionConfig } = assembly.only("AWS::CloudFront::Distribution").Properties;
  return { assembly, site, distribution: DistributionConfig };
}

type Made = ReturnType<typeof withConsole>;

const both = withConsole([IAM, KEYSTONE, JWT]);
const [bucket = ""] = both.assembly.ofType("AWS::S3::Bucket").map(([id]) => id);

/** The policy of the answers' headers that a behaviour has. */
const headersOf = ({ assembly }: Made, behavior: { readonly ResponseHeadersPolicyId: object }) =>
  assembly.resources[referred(behavior.ResponseHeadersPolicyId)]?.Properties
    .ResponseHeadersPolicyConfig;

const cspOf = (made: Made, behavior: { readonly ResponseHeadersPolicyId: object }): string =>
  headersOf(made, behavior).SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy;

describe("the files", () => {
  it("are in a bucket that nobody but this distribution reads", () => {
    expect(both.assembly.only("AWS::S3::Bucket")).toMatchObject({
      DeletionPolicy: "Delete",
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
    const { PolicyDocument } = both.assembly.only("AWS::S3::BucketPolicy").Properties;
    const allowed = PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => {
      return Effect === "Allow";
    });
    expect(allowed).toHaveLength(1);
    expect(allowed[0]).toMatchObject({
      Action: "s3:GetObject",
      Principal: { Service: "cloudfront.amazonaws.com" },
    });
    const [distribution = ""] = both.assembly
      .ofType("AWS::CloudFront::Distribution")
      .map(([id]) => id);
    expect(JSON.stringify(allowed[0].Condition)).toContain(`{"Ref":"${distribution}"}`);
    expect(both.distribution.Origins[0].OriginAccessControlId).toBeDefined();
  });

  it("have the headers that npm start adds, and are asked for each time unless hashed", () => {
    const { DefaultCacheBehavior, CacheBehaviors, DefaultRootObject } = both.distribution;
    expect(DefaultRootObject).toBe("index.html");
    const [, ...hashed] = CacheBehaviors;
    expect(hashed.map(({ PathPattern }: { PathPattern: string }) => PathPattern)).toEqual([
      "*-????????.js",
      "*-????????.css",
    ]);
    for (const [behavior, kept] of [
      [DefaultCacheBehavior, "no-cache"],
      ...hashed.map((each: object) => [each, "public, max-age=31536000, immutable"]),
    ]) {
      expect(cspOf(both, behavior)).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
          "connect-src 'self' https://keystone.example:5000; base-uri 'none'; " +
          "form-action 'none'; frame-ancestors 'none'",
      );
      const headers = headersOf(both, behavior);
      expect(headers.CustomHeadersConfig.Items).toEqual([
        { Header: "cache-control", Value: kept, Override: true },
      ]);
      expect(headers.SecurityHeadersConfig).toMatchObject({
        ContentTypeOptions: { Override: true },
        ReferrerPolicy: { ReferrerPolicy: "no-referrer", Override: true },
      });
      expect(behavior.AllowedMethods).toEqual(["GET", "HEAD"]);
    }
  });

  it("are brought there with the configuration, and go with the stack", () => {
    const deployed = both.assembly.only("Custom::CDKBucketDeployment").Properties;
    expect(deployed.SourceObjectKeys).toHaveLength(2);
    expect(deployed).toMatchObject({
      DestinationBucketName: { Ref: bucket },
      RetainOnDelete: false,
      Prune: true,
    });
    const logs = both.assembly
      .ofType("AWS::Logs::LogGroup")
      .filter(([id]) => id.startsWith("Console"));
    expect(logs).toMatchObject([[expect.any(String), { Properties: { RetentionInDays: 30 } }]]);
  });
});

describe("the API", () => {
  const [api] = both.distribution.CacheBehaviors;

  it("is below /placement of the same origin, with all headers but Host, and nothing is kept", () => {
    expect(api).toMatchObject({
      PathPattern: "/placement/*",
      AllowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      // CloudFront's own policies: CachingDisabled, AllViewerExceptHostHeader.
      CachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      OriginRequestPolicyId: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
      ViewerProtocolPolicy: "https-only",
    });
    // An error document in HTML is of the console's origin.
    expect(cspOf(both, api)).toBe("default-src 'none'; frame-ancestors 'none'");
  });

  it("does not see the prefix", () => {
    const { FunctionCode } = both.assembly.only("AWS::CloudFront::Function").Properties;
    const handler = new Function(`${FunctionCode}; return handler;`)();
    const uriOf = (uri: string) => handler({ request: { uri, method: "GET" } }).uri;
    expect(uriOf("/placement/resource_providers/a%2Fb")).toBe("/resource_providers/a%2Fb");
    expect(uriOf("/placement/")).toBe("/");
    expect(uriOf("/placement/placement/x")).toBe("/placement/x");
  });

  const domain = { domainName: "api.example.com", certificateArn: CERTIFICATE };
  const only = { ...KEYSTONE, ...domain, disableExecuteApiEndpoint: true };

  it.each([
    ["under API Gateway's own name", KEYSTONE, ".execute-api.", undefined],
    ["as a REST API, by its stage", { ...KEYSTONE, rest: true }, ".execute-api.", "/placement"],
    [
      "under its own name, where it has two",
      { ...KEYSTONE, ...domain },
      ".execute-api.",
      undefined,
    ],
    ["by its domain, where that is its only name", only, "api.example.com", undefined],
    ["by its place there", { ...only, mappingKey: "cell1" }, "api.example.com", "/cell1"],
  ])("is reached %s", (_, endpoint, host, path) => {
    const [, origin] = withConsole([endpoint]).distribution.Origins;
    expect(JSON.stringify(origin.DomainName)).toContain(host);
    expect(origin.OriginPath).toBe(path);
  });
});

describe("its pages are told", () => {
  it("of Keystone, the first whose callers have tokens", () => {
    expect(both.site.config).toEqual({
      api: "/placement/",
      auth: { kind: "keystone", url: "https://keystone.example:5000/v3" },
      dashboard: null,
    });
  });

  it("of the issuer, and may reach where it gives tokens", () => {
    const made = withConsole([KEYSTONE, JWT], {
      endpoint: "jwt",
      clientId: "console",
      scopes: ["openid", "placement"],
      connect: ["https://tokens.example"],
      dashboard: "https://dashboard.example",
    });
    expect(made.site.config).toEqual({
      api: "/placement/",
      auth: {
        kind: "jwt",
        issuer: "https://issuer.example/pool",
        audience: "placement",
        clientId: "console",
        scopes: ["openid", "placement"],
      },
      dashboard: "https://dashboard.example",
    });
    expect(cspOf(made, made.distribution.DefaultCacheBehavior)).toContain(
      "connect-src 'self' https://issuer.example https://tokens.example;",
    );
  });
});

describe("there is none", () => {
  it("by default: no file, no distribution", () => {
    const plain = assemblies({ endpoints: [IAM, KEYSTONE] }, { templateOnly: true });
    for (const type of ["S3::Bucket", "CloudFront::Distribution", "CloudFront::Function"]) {
      expect(plain.ofType(`AWS::${type}`)).toEqual([]);
    }
    expect(plain.outputs).not.toHaveProperty("ConsoleUrl");
  });

  it.each([
    ["callers sign", [IAM], {}, "console needs an endpoint whose callers have tokens"],
    ["there is no such endpoint", [KEYSTONE], { endpoint: "jwt" }, "names the endpoint jwt"],
    ["it is no client", [JWT], {}, "console needs clientId"],
    [
      "the endpoint is private",
      [{ ...KEYSTONE, private: { vpcEndpointIds: ["vpce-0123456789abcdef0"] } }],
      {},
      "cannot reach the keystone endpoint, which is private",
    ],
    [
      "the endpoint has a pattern for a name",
      [
        {
          ...KEYSTONE,
          domainName: "*.example.com",
          certificateArn: CERTIFICATE,
          disableExecuteApiEndpoint: true,
        },
      ],
      {},
      "its only name is a pattern",
    ],
    [
      "its name has no certificate",
      [KEYSTONE],
      { domainName: "console.example.com" },
      "needs domainName and certificate together",
    ],
    ["it is not built", [KEYSTONE], { folder: "/nowhere" }, "console is not built in /nowhere"],
  ] as const)("where %s", (_, endpoints, options, words) => {
    const make = () => withConsole(endpoints, options);
    expect(make).toThrow(BadSettings);
    expect(make).toThrow(words);
  });

  test("of the settings where callers sign: synth says so", () => {
    const make = () => assemblies({ console: {} }, { templateOnly: true });
    expect(make).toThrow(BadSettings);
    expect(make).toThrow("browsers do not sign for iam");
  });
});

describe("a stack's own settings", () => {
  const given = {
    endpoints: [KEYSTONE],
    monitoring: { alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:alarms" },
    console: {
      domainName: "console.example.com",
      certificateArn: CERTIFICATE.replace("eu-west-1", "us-east-1"),
    },
  };
  const settings = readSettings(given);
  const app = new App({ context: { [DISABLE_ASSET_STAGING_CONTEXT]: true } });
  // A test has no build of the console at hand.
  const site = { ...settings.console, folder };
  const stack = new Stack(app, "placement", { ...settings, console: site });
  const template = Template.fromStack(stack).toJSON();

  it("name its domain, its certificate and its URL", () => {
    expect(template.Outputs.ConsoleUrl.Value).toBe("https://console.example.com/");
    const [distribution] = Object.values<Resource>(template.Resources).filter(
      ({ Type }) => Type === "AWS::CloudFront::Distribution",
    );
    expect(distribution?.Properties.DistributionConfig).toMatchObject({
      Aliases: ["console.example.com"],
      ViewerCertificate: {
        AcmCertificateArn: given.console.certificateArn,
        MinimumProtocolVersion: "TLSv1.2_2021",
      },
    });
  });

  it("lead its pages to the dashboard that there is", () => {
    const made = stack.node.findChild("Console") as PlacementConsole;
    expect(JSON.stringify(stack.resolve(made.config.dashboard))).toContain(
      "#dashboards/dashboard/placement",
    );
    expect(both.site.config.dashboard).toBeNull();
  });
});

describe("the setting", () => {
  it.each([
    [{ scopes: [] }, "console.scopes"],
    [{ scopes: ["two words"] }, "a scope without spaces"],
    [{ connect: ["https://tokens.example/path"] }, "an origin like"],
    [{ connect: ["https://tokens.example; script-src *"] }, "an origin like"],
    [{ domainName: "Console.example" }, "a domain name in lower case"],
    [{ certificateArn: CERTIFICATE }, "the ARN of a certificate in us-east-1"],
    [{ endpoint: "iam" }, "console.endpoint"],
    [{ colour: "blue" }, "console"],
    [true, "console"],
  ])("is refused where it is %j", (console, words) => {
    expect(() => readSettings({ console })).toThrow(words);
  });

  it("is taken as it stands", () => {
    const console = {
      endpoint: "jwt",
      clientId: "console",
      scopes: ["openid"],
      connect: ["https://tokens.example"],
      domainName: "console.example.com",
      certificateArn: CERTIFICATE.replace("eu-west-1", "us-east-1"),
    };
    expect(readSettings({ console }).console).toEqual(console);
  });
});

describe.each([
  ["AwsSolutions", AwsSolutionsChecks],
  ["Serverless", ServerlessChecks],
] as const)("cdk-nag's %s", (_, Pack) => {
  it("finds nothing", () => {
    expect(new Pack().validateScope(both.assembly.stack).violations).toEqual([]);
  });
});

test("it adds as many resources as its document says, and leaves room", () => {
  const plain = assemblies({ endpoints: [IAM, KEYSTONE, JWT] }, { templateOnly: true });
  const count = (resources: object) => Object.keys(resources).length;
  const added = count(both.assembly.resources) - count(plain.resources);
  const document = readFileSync("docs/deployment.md", "utf8").replaceAll(/\s+/g, " ");
  expect(document).toContain(`A console adds ${added} resources`);
  expect(count(both.assembly.resources)).toBeLessThan(430);
});
