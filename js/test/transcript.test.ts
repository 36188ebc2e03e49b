// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Event, Info, TurnRecord } from "../src/protocol.ts";
import { Transcript } from "../src/transcript.ts";
import { info, message, turn, userMessage } from "./records.ts";

const FIXTURES = join(import.meta.dirname, "../../tests/protocol/reducer");

interface Fixture {
  readonly info: Info;
  readonly turns: readonly TurnRecord[];
  readonly events: readonly Event[];
  readonly expected: { readonly info: Info; readonly turns: readonly TurnRecord[] };
}

function readFixture(name: string): Fixture {
  return JSON.parse(readFileSync(join(FIXTURES, name), "utf8"));
}

describe("fixtures, which the Python reducer replays too", () => {
  test.each(readdirSync(FIXTURES).filter((name) => name.endsWith(".json")))("%s", (name) => {
    const { info, turns, events, expected } = readFixture(name);
    const transcript = new Transcript(info, turns);
    for (const event of events) transcript.apply(event);
    expect({ info: transcript.info, turns: transcript.records() }).toEqual(expected);
  });
});

test("the turns that run or wait are known, in order", () => {
  const transcript = new Transcript(info(), [turn("t1", "done"), turn("t2", "running")]);
  const active = () => [...transcript.active];
  expect(active()).toEqual(["t2"]);
  transcript.apply({ type: "turn", id: "t3", status: "queued" });
  transcript.apply({ type: "turn", id: "t4", status: "queued" });
  transcript.apply({ type: "turn", id: "t2", status: "stopping" });
  transcript.prepend([turn("t0", "failed")]);
  expect(active()).toEqual(["t2", "t3", "t4"]);
  transcript.apply({ type: "turn", id: "t2", status: "stopped" });
  transcript.apply({ type: "turn", id: "t3", status: "running" });
  expect(active()).toEqual(["t3", "t4"]);
  transcript.apply({ type: "turn_removed", id: "t4" });
  transcript.apply({ type: "turn_removed", id: "t5" });
  expect(active()).toEqual(["t3"]);
  transcript.apply({ type: "rewound", turn: "t1" });
  expect(active()).toEqual([]);
});

test("earlier turns go in front, and live like the others", () => {
  const transcript = new Transcript(info(), [turn("t2", "done", message("m2", "b"))]);
  transcript.apply({ type: "token", id: "m1", text: "is not here yet" });
  transcript.prepend([turn("t0", "done"), turn("t1", "done", message("m1", "a"))]);
  transcript.apply({ type: "token", id: "m1", text: "!" });
  expect(transcript.firstTurn).toBe("t0");
  expect(transcript.records()).toEqual([
    turn("t0", "done"),
    turn("t1", "done", message("m1", "a!")),
    turn("t2", "done", message("m2", "b")),
  ]);
});

describe("what apply says has changed", () => {
  function transcript(): Transcript {
    return new Transcript(info(), [turn("t1", "running", userMessage("m1", "hi"), message("m2", "a"))]);
  }

  test.each<[string, Event, object]>([
    ["a token", { type: "token", id: "m2", text: "b" }, { kind: "text", item: "m2" }],
    ["a lost token", { type: "token", id: "m9", text: "b" }, { kind: "nothing" }],
    [
      "a new item",
      { type: "item", turn: "t1", item: message("m3", "") },
      { kind: "item_added", turn: "t1", item: "m3" },
    ],
    ["an item again", { type: "item", turn: "t1", item: message("m2", "z") }, { kind: "item", item: "m2" }],
    ["a removed item", { type: "item_removed", id: "m2" }, { kind: "item_removed", turn: "t1", item: "m2" }],
    ["a status", { type: "turn", id: "t1", status: "done" }, { kind: "status", turn: "t1" }],
    ["a new turn", { type: "turn", id: "t2", status: "queued" }, { kind: "turn_added", turn: "t2" }],
    [
      "a removed turn",
      { type: "turn_removed", id: "t1" },
      { kind: "turns_removed", turns: ["t1"], items: ["m1", "m2"] },
    ],
    ["the surroundings", info({ ended: true }), { kind: "info" }],
  ])("%s", (_, event, change) => {
    expect(transcript().apply(event)).toEqual(change);
  });
});
