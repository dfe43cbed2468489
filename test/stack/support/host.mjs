/**
 * Loads deployed bundles and invokes their handlers, as Lambda does: a process with the
 * functions' environment, which receives events and sends results as JSON.
 */
import { pathToFileURL } from "node:url";

const context = {
  functionName: "test",
  functionVersion: "$LATEST",
  memoryLimitInMB: "1024",
  getRemainingTimeInMillis: () => 28_000,
};

/**
 * @typedef {object} Invocation
 * @property {number} id of the answer
 * @property {string} file the bundle
 * @property {unknown} event
 * @property {string} invokedFunctionArn
 */

/** @param {unknown} answer */
function send(answer) {
  process.send?.(answer);
}

/** @param {unknown} error */
function described(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message };
}

/** @param {Invocation} message */
async function invoke({ id, file, event, invokedFunctionArn }) {
  try {
    const { handler } = await import(pathToFileURL(file).href);
    // The runtime of Node.js 24 refuses handlers that take a callback.
    if (handler.length > 2) throw new Error("the handler takes a callback");
    const awsRequestId = crypto.randomUUID();
    const invocation = { ...context, awsRequestId, invokedFunctionArn };
    send({ id, result: await handler(event, invocation) });
  } catch (error) {
    send({ id, error: described(error) });
  }
}

process.on("message", (message) => invoke(/** @type {Invocation} */ (message)));
send({ release: process.version });
