/** Calls by direct invocation, typed like those over HTTP. */
import { randomUUID } from "node:crypto";
import { InvokeCommand, Lambda, LambdaClient } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { systemRandom } from "../../lib/api/system-random.ts";
import {
  AnswerLost,
  claim,
  move,
  PlacementClient,
  release,
  UnexpectedAnswer,
} from "../../lib/client/index.ts";
import { byInvocation, type InvokeOutput, type Invoker } from "../../lib/client/lambda.ts";
import { lambdaOf } from "../support/direct.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider, readClaim } from "../support/world.ts";

const api = useApi();

function clientOf(
  lambda: Invoker,
  more: { caller?: string; functions?: (id: string) => string } = {},
) {
  const clock = fastClock();
  const transport = byInvocation({ lambda, functions: "placement", clock, ...more });
  return new PlacementClient({ transport, version: "1.39", clock, random: systemRandom });
}

const answering = (output: InvokeOutput): Invoker => ({ invoke: async () => output });
const payloadOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe("an invocation", () => {
  const client = clientOf(
    {
      invoke: (input, options) => lambdaOf(api, "placement", operations).invoke(input, options),
    },
    { caller: "scheduler" },
  );

  test("answers as over HTTP", async () => {
    const name = randomUUID();
    const made = await client.call("resource-providers/create", { body: { name } });
    const shown = await client.call("resource-providers/show", {
      parameters: { uuid: made.body.uuid },
    });
    const http = await api.request("GET", `/resource_providers/${made.body.uuid}`);
    expect(shown.body).toEqual(http.body);
    expect(api.logs.filter(({ caller }) => caller === "scheduler").length).toBe(2);
    await expect(
      client.call("resource-providers/create", { body: { name } }),
    ).rejects.toMatchObject({
      status: 409,
      code: "placement.duplicate_name",
    });
  });

  test("serves the helpers, though answers are lost", async () => {
    const provider = await makeProvider(api, { VCPU: 8 });
    const lambda = lambdaOf(api, "placement", operations);
    let lost = 0;
    const careful = clientOf({
      invoke: async (input, options) => {
        const output = await lambda.invoke(input, options);
        if (input.FunctionName.includes("show")) return output;
        lost += 1;
        if (lost % 2 === 1) throw new Error("socket hang up");
        return output;
      },
    });
    const [a, b] = [randomUUID(), randomUUID()];
    const owner = { project: "project", user: "user", type: "INSTANCE" };
    await claim(careful, a, () => ({ allocations: { [provider]: { VCPU: 2 } }, owner }));
    await move(careful, { from: a, to: b });
    expect(await readClaim(api, b)).toEqual({ held: { [provider]: { VCPU: 2 } }, generation: 1 });
    expect([await release(careful, a), await release(careful, b), lost]).toEqual([false, true, 8]);
  });

  test("names functions as the caller says", async () => {
    const named: string[] = [];
    const lambda: Invoker = {
      invoke: async ({ FunctionName }) => {
        named.push(FunctionName);
        return { Payload: payloadOf({ status: 200, headers: {}, body: { traits: [] } }) };
      },
    };
    await clientOf(lambda).call("traits/list", {});
    await clientOf(lambda, { functions: (id) => `arn:${id}` }).call("traits/list", {});
    expect(named).toEqual(["placement-traits-list:direct", "arn:traits/list"]);
  });
});

describe("a failure", () => {
  const read = (lambda: Invoker) => clientOf(lambda).call("traits/list", {});
  const failing = (status: number | undefined, name = "ServiceException"): Invoker => ({
    invoke: async () => {
      throw Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
    },
  });

  test("of the function, or of Lambda, is a lost answer", async () => {
    const payload = payloadOf({ errorType: "Runtime.ExitError" });
    const ended = read(answering({ Payload: payload, FunctionError: "Unhandled" }));
    await expect(ended).rejects.toBeInstanceOf(AnswerLost);
    await expect(read(failing(500))).rejects.toBeInstanceOf(AnswerLost);
    await expect(read(failing(undefined))).rejects.toBeInstanceOf(AnswerLost);
  });

  test("before any function ran is the error of the SDK", async () => {
    await expect(read(failing(403, "AccessDeniedException"))).rejects.toThrow("AccessDenied");
  });

  test("of too many invocations is a refusal after several tries", async () => {
    await expect(read(failing(429))).rejects.toMatchObject({ status: 429 });
  });

  test.each(["", "null", "{}", '{"statusCode":200}', '{"status":"200","headers":{}}'])(
    "is a payload of no operation: %j",
    async (text) => {
      const other = read(answering({ Payload: new TextEncoder().encode(text) }));
      await expect(other).rejects.toBeInstanceOf(UnexpectedAnswer);
    },
  );

  test("is an invocation that takes too long", async () => {
    const clock = fastClock();
    const lambda: Invoker = {
      invoke: (_, { abortSignal }) => {
        const ended = new Promise<InvokeOutput>((_resolve, reject) => {
          abortSignal.addEventListener("abort", () => reject(new Error("aborted")));
        });
        clock.ring();
        return ended;
      },
    };
    const transport = byInvocation({ lambda, functions: "placement", clock, timeout: 1_000 });
    const client = new PlacementClient({ transport, version: "1.39", clock, maxTries: 1 });
    await expect(client.call("traits/list", {})).rejects.toBeInstanceOf(AnswerLost);
    expect(clock.slept).toBe(1_000);
  });
});

test("both clients of the SDK fit", async () => {
  const body = payloadOf({ status: 200, headers: {}, body: { traits: ["A"] } });
  const sent: string[] = [];
  const requestHandler = {
    handle: async ({ path }: { readonly path: string }) => {
      sent.push(path);
      return { response: { statusCode: 200, headers: {}, body } };
    },
  };
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const config = { region: "eu-west-1", credentials, requestHandler };
  const client = new LambdaClient(config);
  const sending: Invoker = {
    invoke: (input, options) => client.send(new InvokeCommand(input), options),
  };
  for (const lambda of [new Lambda(config), sending]) {
    const answer = await clientOf(lambda).call("traits/list", {});
    expect(answer.body.traits).toEqual(["A"]);
  }
  const path = "/2015-03-31/functions/placement-traits-list%3Adirect/invocations";
  expect(sent).toEqual([path, path]);
});
