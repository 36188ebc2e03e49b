// @vitest-environment node
import { expect, test, vi } from "vitest";
import { randomId, uuidFrom } from "../src/randomId.ts";

const UUID4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

test("sixteen bytes make a version 4 UUID", () => {
  expect(uuidFrom(new Uint8Array(16).fill(0xff))).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
});

test("pages served by plain http have ids too", () => {
  vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array) => bytes.fill(7) });
  expect(randomId()).toMatch(UUID4);
  vi.unstubAllGlobals();
  expect(randomId()).toMatch(UUID4);
});
