import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { importSource: "preact" } },
  define: {
    HIGHLIGHT_HASH: JSON.stringify("hash of the highlight chunk"),
    CORE_HASH: JSON.stringify("hash of the core"),
  },
  test: {
    environment: "jsdom",
    include: ["test/**/*.test.{ts,tsx}"],
    setupFiles: ["test/setup.ts"],
  },
});
