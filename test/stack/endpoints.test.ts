/** The endpoints of a stack: which requests reach which function, and who lets them through. */
import { readdirSync, readFileSync } from "node:fs";
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations } from "../../functions/index.ts";
import { stageVariablesSchema } from "../../lib/api/endpoint.ts";
import { jwtEnvironment, keystoneEnvironment } from "../../lib/authorizer/configuration.ts";
import { type Assembly, type Resource, referred, useAssemblies } from "./support/assembly.ts";
import { canonicalTemplate } from "./support/canonical-template.ts";
import { eventOf, routeOf } from "./support/gateway.ts";
import { apiOf, behind, invoked, type TemplateApi } from "./support/routes.ts";

const ARN = (service: string, name: string) => `arn:aws:${service}:eu-west-1:123456789012:${name}`;
const SECRET = ARN("secretsmanager", "secret:placement-AbCdEf");
const KEY = ARN("kms", "key/11111111-2222-3333-4444-555555555555");
const CERTIFICATE = ARN("acm", "certificate/11111111-2222-3333-4444-555555555555");
const WEB_ACL = ARN("wafv2", "regional/webacl/placement/11111111");
const CA_FILE = "test/fixtures/stack/ca.pem";

const iam = { kind: "iam" };
const keystone = { kind: "keystone", url: "https://keystone.example/v3", secretArn: SECRET };
const jwt = { kind: "jwt", issuer: "https://issuer.example", audience: "placement" };
const domain = { domainName: "cloud.example", certificateArn: CERTIFICATE };
const network = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  securityGroupIds: ["sg-0123456789abcdef0"],
};
const hidden = {
  private: { vpcEndpointIds: ["vpce-0123456789abcdef0", "vpce-0123456789abcdef1"] },
};
const resourcePolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
      Action: "execute-api:Invoke",
      Resource: "execute-api:/*",
    },
  ],
};

const assemblies = useAssemblies();
const stackWith = (endpoints: readonly unknown[], settings = {}, templateOnly = true) =>
  assemblies({ endpoints, ...settings }, { templateOnly });

const stacks = {
  keystone: stackWith(
    [{ ...keystone, vpc: network, caFile: CA_FILE, secretKeyArn: KEY, tokenCacheTime: 60 }],
    {},
    false,
  ),
  jwt: stackWith([
    { ...jwt, claims: { roles: "realm_access.roles" }, memorySize: 512, reservedConcurrency: 5 },
  ]),
  "all three": stackWith([iam, keystone, jwt]),
  domains: stackWith([
    { ...iam, ...domain, basePath: "/placement", disableExecuteApiEndpoint: true },
    { ...keystone, ...domain, mappingKey: "cell1/placement", authorizerCache: 60 },
    { ...jwt, ...domain, rest: true, mappingKey: "rest", authorizerCache: 30 },
  ]),
  private: stackWith(
    [
      { ...iam, ...hidden },
      { ...keystone, ...hidden },
    ],
    {
      corsOrigins: ["https://horizon.example"],
    },
  ),
  "REST with a firewall": stackWith([
    { ...iam, rest: true, webAclArn: WEB_ACL, resourcePolicy },
    { ...jwt, rest: true, webAclArn: WEB_ACL, basePath: "/behind" },
  ]),
} as const;
const { keystone: guarded, "all three": three, domains, private: secluded } = stacks;
const firewalled = stacks["REST with a firewall"];

/** Every endpoint of every stack above. */
const apis: [string, Assembly, TemplateApi][] = Object.entries(stacks).flatMap(([name, assembly]) =>
  ["iam", "keystone", "jwt"].flatMap((kind): [string, Assembly, TemplateApi][] =>
    assembly.outputs[`${kind[0]?.toUpperCase()}${kind.slice(1)}Url`] === undefined
      ? []
      : [[`${kind}, ${name}`, assembly, apiOf(assembly, kind)]],
  ),
);

it("looks at all endpoints", () => expect(apis).toHaveLength(12));

/** Of a route that is scraped, where API Gateway keeps answers of the authorizer. */
const UNCACHED = "keystone-uncached";
const kindOf = ({ authorization }: { readonly authorization: string }) =>
  authorization === UNCACHED ? "keystone" : authorization;

describe.each(apis)("%s", (_, assembly, api) => {
  const kind = (api.stage.Properties.StageVariables ?? api.stage.Properties.Variables).endpoint;
  const open = (key: string) => /^(GET \/|GET \/openapi\.json|OPTIONS \S+)$/.test(key);

  it("leads each operation to its alias for HTTP, behind the authorizer of its kind", () => {
    for (const operation of operations) {
      const route = api.routes.find(({ key }) => key === operation.route);
      if (route === undefined) throw new Error(`${operation.route} is not there`);
      const reached = behind(assembly, route);
      expect(reached.qualifier).toBe("http");
      expect(reached.lambda.Properties.FunctionName).toBe(
        `placement-${operation.id.replaceAll("/", "-")}`,
      );
      expect([route.key, kindOf(route)]).toEqual([
        route.key,
        operation.rule === undefined ? "NONE" : kind,
      ]);
    }
    const others = api.routes.filter(({ key }) => !operations.some(({ route }) => route === key));
    expect(others.length).toBeGreaterThan(0);
    for (const route of others) {
      const { FunctionName } = behind(assembly, route).lambda.Properties;
      expect(FunctionName).toBe(`placement-${refuseUnrouted.id.replaceAll("/", "-")}`);
    }
    for (const route of api.routes) {
      expect([route.key, kindOf(route)]).toEqual([route.key, open(route.key) ? "NONE" : kind]);
    }
  });

  it("has one authorizer, of its kind", () => {
    const schemes = Object.keys(api.body.components.securitySchemes);
    expect(schemes.filter((name) => name !== UNCACHED)).toEqual([kind]);
    expect(api.body).not.toHaveProperty("security");
    const scheme = api.body.components.securitySchemes[kind];
    const authorizer = scheme["x-amazon-apigateway-authorizer"];
    if (kind === "iam") {
      expect(scheme["x-amazon-apigateway-authtype"]).toBe("awsSigv4");
      return expect(authorizer).toBeUndefined();
    }
    const lambda = assembly.resources[invoked(authorizer.authorizerUri)] as Resource;
    expect(lambda.Properties.FunctionName).toBe(`placement-authorizer-${kind}`);
    const role = assembly.resources[referred(authorizer.authorizerCredentials)] as Resource;
    expect(role.Properties.Policies[0].PolicyDocument.Statement).toEqual([
      {
        Effect: "Allow",
        Action: "lambda:InvokeFunction",
        Resource: { "Fn::GetAtt": [invoked(authorizer.authorizerUri), "Arn"] },
      },
    ]);
    expect(authorizer.type).toBe("request");
    expect(authorizer.authorizerPayloadFormatVersion).toBe(api.rest ? undefined : "2.0");
    expect(authorizer.enableSimpleResponses).toBe(api.rest ? undefined : true);
  });

  it("hands requests on in the format of its API", () => {
    for (const { integration } of api.routes) {
      expect(integration.payloadFormatVersion).toBe(api.rest ? undefined : "2.0");
      expect(integration.timeoutInMillis).toBe(api.rest ? 29_000 : undefined);
    }
    const binary = api.body["x-amazon-apigateway-binary-media-types"];
    expect(binary).toEqual(api.rest ? ["*/*"] : undefined);
  });

  it("logs errors of its authorizer, and no header", () => {
    const { AccessLogSettings, AccessLogSetting } = api.stage.Properties;
    const { Format } = AccessLogSettings ?? AccessLogSetting;
    expect(JSON.parse(Format).authorizerError).toBe("$context.authorizer.error");
    expect(Format).not.toMatch(/header|token/i);
  });
});

describe.each(Object.entries(stacks))("a stack with %s", (_, assembly) => {
  it.each<[string, new () => NagPack]>([
    ["AwsSolutions", AwsSolutionsChecks],
    ["Serverless", ServerlessChecks],
  ])("has no finding of cdk-nag's %s that is not explained", (_pack, Pack) => {
    const findings = new Pack().validateScope(assembly.stack).violations.map((finding) => {
      return `${finding.ruleName}: ${finding.violatingResources[0]?.constructPath}`;
    });
    expect(findings).toEqual([]);
  });

  it("stays far within CloudFormation's limits", () => {
    expect(Object.keys(assembly.resources).length).toBeLessThan(410);
    expect(assembly.templateBytes).toBeLessThan(900_000);
  });
});

it("has as many resources with three endpoints as its document says", () => {
  const count = Object.keys(three.resources).length;
  expect(readFileSync("docs/deployment.md", "utf8")).toContain(`Three endpoints take ${count}.`);
});

it("makes the template that is kept, except for its code", async () => {
  const kept = "../fixtures/stack/three-endpoints.txt";
  await expect(canonicalTemplate(three)).toMatchFileSnapshot(kept);
});

describe("an authorizer", () => {
  const functionNamed = ({ resources }: Assembly, name: string) => {
    const found = Object.values(resources).find(({ Properties }) => {
      return Properties?.FunctionName === name;
    });
    if (found === undefined) throw new Error(`${name} is not deployed`);
    return found;
  };
  const statementsOf = (assembly: Assembly, lambda: Resource) => {
    const role = assembly.resources[referred(lambda.Properties.Role)] as Resource;
    expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    return role.Properties.Policies[0].PolicyDocument.Statement;
  };

  it("of Keystone reads its one secret, writes its log, and does nothing else", () => {
    const lambda = functionNamed(three, "placement-authorizer-keystone");
    const [logs, secret, ...others] = statementsOf(three, lambda);
    expect(others).toEqual([]);
    expect(logs.Action).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
    expect(secret).toEqual({
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: SECRET,
    });
    const { Environment, VpcConfig } = lambda.Properties;
    expect(VpcConfig).toBeUndefined();
    expect(keystoneEnvironment.parse(Environment.Variables)).toEqual({
      KEYSTONE_URL: keystone.url,
      KEYSTONE_SECRET_ARN: SECRET,
      TOKEN_CACHE_TIME: 300,
    });
  });

  it("of an issuer writes its log, and does nothing else", () => {
    const lambda = functionNamed(stacks.jwt, "placement-authorizer-jwt");
    expect(statementsOf(stacks.jwt, lambda)).toHaveLength(1);
    const { Environment, MemorySize, ReservedConcurrentExecutions, Timeout } = lambda.Properties;
    expect([MemorySize, ReservedConcurrentExecutions, Timeout]).toEqual([512, 5, 10]);
    expect(jwtEnvironment.parse(Environment.Variables)).toEqual({
      JWT_ISSUER: jwt.issuer,
      JWT_AUDIENCE: jwt.audience,
      JWT_CLAIMS: { user: "sub", project: "project_id", roles: "realm_access.roles" },
    });
  });

  it("stands in the VPC, with its certificates and its key, and no other function does", () => {
    const lambda = functionNamed(guarded, "placement-authorizer-keystone");
    const { VpcConfig, Environment } = lambda.Properties;
    expect(VpcConfig).toEqual({
      SecurityGroupIds: network.securityGroupIds,
      SubnetIds: network.subnetIds,
    });
    const [, , decrypt, interfaces, ...others] = statementsOf(guarded, lambda);
    expect(others).toEqual([]);
    expect(decrypt).toMatchObject({ Action: "kms:Decrypt", Resource: KEY });
    expect(decrypt.Condition.StringEquals).toHaveProperty(["kms:ViaService"]);
    expect(interfaces.Action.every((action: string) => action.startsWith("ec2:"))).toBe(true);
    expect(Environment.Variables).toMatchObject({
      NODE_EXTRA_CA_CERTS: "/var/task/ca.pem",
      TOKEN_CACHE_TIME: "60",
    });
    const code = guarded.codeOf(lambda);
    expect(readdirSync(code).sort()).toEqual(["ca.pem", "index.mjs"]);
    expect(readFileSync(`${code}/ca.pem`, "utf8")).toBe(readFileSync(CA_FILE, "utf8"));
    const inVpc = guarded.ofType("AWS::Lambda::Function").filter(([, { Properties }]) => {
      return Properties.VpcConfig !== undefined;
    });
    expect(inVpc).toHaveLength(1);
  });

  it("leaves refusals to the functions, unless API Gateway keeps its answers", () => {
    const of = (assembly: Assembly, kind: string) =>
      apiOf(assembly, kind).body.components.securitySchemes[kind]["x-amazon-apigateway-authorizer"];
    for (const kind of ["keystone", "jwt"]) {
      expect(of(three, kind).authorizerResultTtlInSeconds).toBe(0);
      expect(of(three, kind)).not.toHaveProperty("identitySource");
    }
    expect(of(domains, "keystone")).toMatchObject({
      authorizerResultTtlInSeconds: 60,
      identitySource: "$request.header.X-Auth-Token",
    });
    expect(of(domains, "jwt")).toMatchObject({
      authorizerResultTtlInSeconds: 30,
      identitySource: "method.request.header.Authorization",
    });
  });

  it("asks the function about each scrape, which may send its token of Keystone as a bearer token", () => {
    const securityOf = (assembly: Assembly, kind: string, path: string) =>
      apiOf(assembly, kind).body.paths[path].get.security;
    const { body } = apiOf(domains, "keystone");
    expect(securityOf(domains, "keystone", "/metrics")).toEqual([{ "keystone-uncached": [] }]);
    expect(securityOf(domains, "keystone", "/traits")).toEqual([{ keystone: [] }]);
    const { "x-amazon-apigateway-authorizer": kept } = body.components.securitySchemes.keystone;
    const uncached = body.components.securitySchemes["keystone-uncached"];
    const { identitySource, ...same } = kept;
    expect(identitySource).toBe("$request.header.X-Auth-Token");
    expect(uncached["x-amazon-apigateway-authorizer"]).toEqual({
      ...same,
      authorizerResultTtlInSeconds: 0,
    });
    // Elsewhere a bearer token reaches the function anyway.
    for (const [assembly, kind] of [
      [three, "keystone"],
      [three, "jwt"],
      [domains, "jwt"],
    ] as const) {
      expect(securityOf(assembly, kind, "/metrics")).toEqual([{ [kind]: [] }]);
    }
  });
});

it("tells the functions where Keystone is, where there is a keystone endpoint", () => {
  const urls = ({ ofType }: Assembly) => {
    const operationFunctions = ofType("AWS::Lambda::Function").filter(([, { Properties }]) => {
      return Properties.Environment.Variables.TABLE_NAME !== undefined;
    });
    return new Set(
      operationFunctions.map(([, { Properties }]) => {
        return Properties.Environment.Variables.PLACEMENT_KEYSTONE_URL;
      }),
    );
  };
  expect(urls(three)).toEqual(new Set([keystone.url]));
  expect(urls(stacks.jwt)).toEqual(new Set([undefined]));
});

describe("a place", () => {
  const variables = (assembly: Assembly, kind: string) => {
    const { StageVariables, Variables } = apiOf(assembly, kind).stage.Properties;
    return StageVariables ?? Variables;
  };

  it("is one domain for several endpoints, each under its own key", () => {
    const { Properties } = domains.only("AWS::ApiGatewayV2::DomainName");
    expect(Properties.DomainName).toBe(domain.domainName);
    expect(Properties.DomainNameConfigurations[0].CertificateArn).toBe(CERTIFICATE);
    const mappings = domains.ofType("AWS::ApiGatewayV2::ApiMapping").map(([, mapping]) => {
      const { ApiId, Stage, ApiMappingKey } = mapping.Properties;
      return [ApiId.Ref, Stage, ApiMappingKey];
    });
    expect(mappings).toEqual([
      [apiOf(domains, "iam").id, "$default", "placement"],
      [apiOf(domains, "keystone").id, "$default", "cell1/placement"],
      [apiOf(domains, "jwt").id, "placement", "rest"],
    ]);
    expect(domains.outputs["KeystoneUrl"]?.Value).toBe("https://cloud.example/cell1/placement");
    expect(domains.outputs).toHaveProperty("KeystoneDomainTarget");
  });

  it("is told to the functions, as clients see it", () => {
    expect(variables(three, "iam")).toEqual({ endpoint: "iam" });
    const [place, cell] = ["/placement", "/cell1/placement"];
    const told = (assembly: Assembly, kind: string) => {
      const { endpoint, ...paths } = variables(assembly, kind);
      expect(endpoint).toBe(kind);
      return paths;
    };
    expect(told(domains, "iam")).toEqual({ basePath: place, mapping: place });
    expect(told(domains, "keystone")).toEqual({ basePath: cell, mapping: cell });
    expect(told(domains, "jwt")).toEqual({ basePath: "/rest", mapping: "/rest" });
    expect(told(secluded, "keystone")).toEqual({ basePath: place });
    expect(told(firewalled, "jwt")).toEqual({ basePath: "/behind" });
    for (const { basePath, mapping } of [told(domains, "iam"), told(firewalled, "jwt")]) {
      expect(stageVariablesSchema.parse({ endpoint: "iam", basePath, mapping }).basePath).toBe(
        basePath,
      );
    }
  });

  it("is the domain alone, where API Gateway's own host name is off", () => {
    const setting = "x-amazon-apigateway-endpoint-configuration";
    const off = { url: "/", [setting]: { disableExecuteApiEndpoint: true } };
    expect(apiOf(domains, "iam").body.servers).toEqual([off]);
    expect(apiOf(domains, "keystone").body).not.toHaveProperty("servers");
  });
});

describe("a REST API", () => {
  it("is private, and takes requests through its VPC endpoints only", () => {
    for (const kind of ["iam", "keystone"]) {
      const { EndpointConfiguration, Policy } = apiOf(secluded, kind).api.Properties;
      const { vpcEndpointIds } = hidden.private;
      expect(EndpointConfiguration).toEqual({ Types: ["PRIVATE"], VpcEndpointIds: vpcEndpointIds });
      const [allow, deny, ...others] = Policy.Statement;
      expect(others).toEqual([]);
      expect(allow.Effect).toBe("Allow");
      expect(deny).toMatchObject({
        Effect: "Deny",
        Action: "execute-api:Invoke",
        Resource: "execute-api:/*",
        Condition: { StringNotEquals: { "aws:SourceVpce": vpcEndpointIds } },
      });
    }
  });

  it("is behind the firewall and has the policy that it is given", () => {
    const [first, second] = firewalled.ofType("AWS::WAFv2::WebACLAssociation");
    expect(first?.[1].Properties.WebACLArn).toBe(WEB_ACL);
    expect(second?.[1].Properties.WebACLArn).toBe(WEB_ACL);
    const stage = JSON.stringify(first?.[1].Properties.ResourceArn);
    expect(stage).toContain("/restapis/");
    expect(stage).toContain("/stages/");
    const { EndpointConfiguration, Policy } = apiOf(firewalled, "iam").api.Properties;
    expect(EndpointConfiguration).toEqual({ Types: ["REGIONAL"] });
    expect(Policy.Statement).toHaveLength(1);
    expect(apiOf(firewalled, "jwt").api.Properties).not.toHaveProperty("Policy");
  });

  it.each([
    ["GET", "/traits", "GET /traits"],
    ["PATCH", "/traits", "ANY /traits"],
    [
      "PUT",
      "/resource_providers/x/inventories/VCPU",
      "PUT /resource_providers/{uuid}/inventories/{resource_class}",
    ],
    ["GET", "/resource_providers/x/y", "ANY /{proxy+}"],
    ["POST", "/", "ANY /"],
    ["PUT", "/allocations", "ANY /allocations"],
    ["OPTIONS", "/traits/x", "OPTIONS /traits/{name}"],
    ["OPTIONS", "/nothing/here", "OPTIONS /{proxy+}"],
  ])("has a route for %s %s: %s", (method, target, key) => {
    expect(routeOf(apiOf(secluded, "keystone"), method, target).route.key).toBe(key);
  });

  it("is played with events of payload format 1.0", () => {
    const api = apiOf(secluded, "iam");
    const target = "/resource_providers/x/aggregates?member_of=a&member_of=b";
    const caller = "arn:aws:sts::123456789012:assumed-role/nova/session";
    const request = { method: "PUT", target, caller, body: { aggregates: [] } };
    const match = routeOf(api, "PUT", target);
    expect(eventOf(api, match, { ...request, headers: { "x-a": "1" } })).toMatchObject({
      resource: "/resource_providers/{uuid}/aggregates",
      path: "/resource_providers/x/aggregates",
      pathParameters: { uuid: "x" },
      queryStringParameters: { member_of: "b" },
      multiValueQueryStringParameters: { member_of: ["a", "b"] },
      multiValueHeaders: { "x-a": ["1"] },
      stageVariables: { endpoint: "iam", basePath: "/placement" },
      requestContext: { identity: { userArn: caller, accountId: "123456789012" } },
      body: Buffer.from('{"aggregates":[]}').toString("base64"),
      isBase64Encoded: true,
    });
    const { caller: _, ...unsigned } = request;
    expect(eventOf(api, match, unsigned)).toBeUndefined();
  });

  it("limits requests, and those for the description more", () => {
    const { MethodSettings, DeploymentId } = apiOf(secluded, "iam").stage.Properties;
    expect(MethodSettings).toEqual([
      {
        HttpMethod: "*",
        ResourcePath: "/*",
        ThrottlingRateLimit: 500,
        ThrottlingBurstLimit: 1_000,
      },
      {
        HttpMethod: "GET",
        ResourcePath: "/~1openapi.json",
        ThrottlingRateLimit: 5,
        ThrottlingBurstLimit: 10,
      },
    ]);
    expect(secluded.resources[referred(DeploymentId)]?.Type).toBe("AWS::ApiGateway::Deployment");
  });
});
