/**
 * Loads deployed bundles and invokes their handlers, as Lambda does: a process
 * whose environment is the functions', events in and results out as JSON.
 */
import { pathToFileURL } from "node:url";

const context = {
  functionName: "test",
  functionVersion: "$LATEST",
  memoryLimitInMB: "1024",
  getRemainingTimeInMillis: () => 28_000,
};

process.on("message", async ({ id, file, event, invokedFunctionArn }) => {
  try {
    const { handler } = await import(pathToFileURL(file).href);
    // The runtime of Node.js 24 refuses handlers that take a callback.
    if (handler.length > 2) throw new Error("the handler takes a callback");
    const awsRequestId = crypto.randomUUID();
    const invocation = { ...context, awsRequestId, invokedFunctionArn };
    process.send({ id, result: await handler(event, invocation) });
  } catch (error) {
    process.send({ id, error: { errorType: error.name, errorMessage: error.message } });
  }
});
process.send({ release: process.version });
