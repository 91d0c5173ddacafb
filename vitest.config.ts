import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Without it one core of two would stand idle: many tests wait for processes that they have started.
    maxWorkers: 2,
  },
});
