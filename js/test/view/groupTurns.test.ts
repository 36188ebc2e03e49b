// @vitest-environment node
import { expect, test } from "vitest";
import { GROUP_SIZE, groupTurns } from "../../src/view/groupTurns.ts";

const turns = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `t${from + index}`);
const outline = (all: readonly string[], anchor: number) =>
  groupTurns(all, anchor).map(({ number, turns }) => [number, turns[0], turns.length]);

test("turns are grouped from the anchor in both directions", () => {
  expect(outline(turns(0, 120), 30)).toEqual([
    [-1, "t0", 30],
    [0, "t30", GROUP_SIZE],
    [1, "t80", 40],
  ]);
});

test("turns put in front move none to another group", () => {
  const before = groupTurns(turns(100, 160), 0);
  const after = groupTurns(turns(60, 160), 40);
  expect(after.slice(1)).toEqual(before);
});

test("the anchor itself may be among those that are not shown yet", () => {
  expect(outline(turns(30, 60), -30)).toEqual([
    [0, "t30", 20],
    [1, "t50", 10],
  ]);
});

test("no turns are no group", () => {
  expect(groupTurns([], 0)).toEqual([]);
});
