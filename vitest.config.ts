import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // No test replaces a module, so files can share those that are loaded: loading them anew took a fifth of the time.
    isolate: false,
    // One more than cores: many tests wait for processes that they have started.
    maxWorkers: 3,
  },
});
