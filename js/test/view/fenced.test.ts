// @vitest-environment node
import { expect, test } from "vitest";
import { fenced } from "../../src/view/fenced.ts";

test("code becomes one block", () => {
  expect(fenced("x = 1", "python", false)).toMatch(/^(`{4,})python\nx = 1\n\1$/);
});

test("while it streams it is a prefix of the whole", () => {
  expect(fenced("x = 1", "python", false).startsWith(fenced("x =", "python", true))).toBe(true);
});

test("what has a fence already is left as it is", () => {
  expect(fenced("```python\nx\n```", "python", false)).toBe("```python\nx\n```");
});
