/**
 * A Lambda runtime: loads the handler that `_HANDLER` names in `LAMBDA_TASK_ROOT`, then
 * fetches one invocation after the other and posts what comes of it.
 *
 * Source: AWS Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
 */
import { Agent, request } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT = "", _HANDLER = "" } = process.env;
const runtime = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] sent as JSON
 * @returns {Promise<{headers: import("node:http").IncomingHttpHeaders, text: string}>}
 */
function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const sent = request(`${runtime}${path}`, { method, agent }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ headers: response.headers, text: Buffer.concat(chunks).toString("utf8") });
    });
    sent.once("error", reject);
    // A handler that returns nothing has the result null.
    sent.end(method === "GET" ? undefined : (JSON.stringify(body) ?? "null"));
  });
}

/** @param {unknown} error */
function described(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  const { name: errorType, message: errorMessage, stack = "" } = error;
  return { errorType, errorMessage, stackTrace: stack.split("\n").slice(1) };
}

async function loadHandler() {
  const [module = "", name = ""] = _HANDLER.split(".");
  const loaded = await import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${module}.mjs`)).href);
  const handler = loaded[name];
  if (typeof handler !== "function") throw new Error(`${_HANDLER} is no function`);
  // The runtime of Node.js 24 refuses handlers that take a callback.
  if (handler.length > 2) throw new Error("the handler takes a callback");
  return handler;
}

/** @param {import("node:http").IncomingHttpHeaders} headers of the invocation */
function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    functionName: process.env["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: process.env["AWS_LAMBDA_FUNCTION_VERSION"],
    memoryLimitInMB: process.env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    logGroupName: process.env["AWS_LAMBDA_LOG_GROUP_NAME"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

let handler;
try {
  handler = await loadHandler();
} catch (error) {
  await call("POST", "/init/error", described(error));
  process.exit(1);
}
try {
  while (true) {
    const { headers, text } = await call("GET", "/invocation/next");
    const answers = `/invocation/${headers["lambda-runtime-aws-request-id"]}`;
    let result;
    try {
      result = await handler(JSON.parse(text), contextOf(headers));
    } catch (error) {
      await call("POST", `${answers}/error`, described(error));
      continue;
    }
    await call("POST", `${answers}/response`, result);
  }
} catch {
  // Lambda is gone.
  process.exit(0);
}
