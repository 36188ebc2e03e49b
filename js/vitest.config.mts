import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { importSource: "preact" } },
  test: { environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] },
});
