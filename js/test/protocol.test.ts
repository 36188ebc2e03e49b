// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generate, TARGET } from "../protocol.mjs";

test("the page's types are those of the Python side", async () => {
  expect(readFileSync(TARGET, "utf8")).toBe(await generate());
});
