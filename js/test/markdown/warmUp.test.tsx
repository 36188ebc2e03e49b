import { afterEach, expect, test, vi } from "vitest";
import { warmUp } from "../../src/markdown/warmUp.tsx";

afterEach(() => vi.unstubAllGlobals());

test("the page is warm after some idle moments, and nobody sees what was drawn for it", () => {
  const moments: (() => void)[] = [];
  vi.stubGlobal("requestIdleCallback", (moment: () => void) => moments.push(moment));
  vi.stubGlobal("cancelIdleCallback", () => {});
  const nowhere = vi.spyOn(document, "createElement");
  const drawn = vi.spyOn(document, "createElementNS");
  warmUp();
  for (let next = moments.shift(); next; next = moments.shift()) next();
  const kinds = drawn.mock.calls.map(([_, name]) => name);
  expect(kinds).toEqual(expect.arrayContaining(["h3", "strong", "ol", "td", "pre", "blockquote"]));
  expect(nowhere.mock.results[0]?.value.childElementCount).toBe(0);
  expect(document.body.childElementCount).toBe(0);
});
