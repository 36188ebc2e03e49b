import { describe, expect, test } from "vitest";
import { Pace } from "../../src/markdown/pace.ts";

/** A clock that is set by hand. */
function handClock() {
  const clock = { time: 0, read: () => clock.time };
  return clock;
}

describe("after a frame", () => {
  test.each([
    [3, 0],
    [4, 12],
    [12, 36],
    [32, 256],
    [60, 900],
    [500, 1_000],
  ])("of %i ms a message rests for %i ms", (cost, rest) => {
    const clock = handClock();
    const pace = new Pace(clock.read);
    pace.drew(cost);
    expect(pace.remaining()).toBe(rest);
    clock.time = rest;
    expect([pace.mayDraw(), pace.remaining()]).toEqual([true, 0]);
  });

  test("of some cost the next one has to wait", () => {
    const clock = handClock();
    const pace = new Pace(clock.read);
    pace.drew(10);
    clock.time = 29;
    expect(pace.mayDraw()).toBe(false);
    clock.time = 30;
    expect(pace.mayDraw()).toBe(true);
  });
});

test("a clock that stands still does not stop the message", () => {
  const pace = new Pace(() => 0);
  pace.drew(1_000);
  const drawn = Array.from({ length: 610 }, () => pace.mayDraw()).filter(Boolean);
  expect(drawn.length).toBe(10);
});
