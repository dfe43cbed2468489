import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/engine-setup.ts"],
    // Tests wait for the engine as often as they compute: two side by side even on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Loading the whole product anew for each file would take as long as the tests.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  },
});
