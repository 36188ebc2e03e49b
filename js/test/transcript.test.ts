// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Event, Info, Offers, TurnRecord } from "../src/protocol.ts";
import { Transcript } from "../src/transcript.ts";
import { info, message, output, turn, userMessage } from "./records.ts";

const FIXTURES = join(import.meta.dirname, "../../tests/protocol/reducer");

interface Fixture {
  readonly info: Info;
  readonly turns: readonly TurnRecord[];
  readonly events: readonly Event[];
  readonly expected: {
    readonly info: Info;
    readonly turns: readonly TurnRecord[];
    readonly offers?: Offers;
  };
}

function readFixture(name: string): Fixture {
  return JSON.parse(readFileSync(join(FIXTURES, name), "utf8"));
}

describe("fixtures, which the Python reducer replays too", () => {
  test.each(readdirSync(FIXTURES).filter((name) => name.endsWith(".json")))("%s", (name) => {
    const { info, turns, events, expected } = readFixture(name);
    const transcript = new Transcript(info, turns);
    for (const event of events) transcript.apply(event);
    const offers = expected.offers && transcript.offers;
    expect({ info: transcript.info, turns: transcript.records(), offers }).toEqual(expected);
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
      { kind: "items", turn: "t1", items: ["m3"], owners: [] },
    ],
    ["an item again", { type: "item", turn: "t1", item: message("m2", "z") }, { kind: "item", item: "m2" }],
    [
      "a new item in another",
      { type: "item", turn: "t1", item: output("o1", { parent_id: "m2" }) },
      { kind: "items", turn: "t1", items: ["o1"], owners: ["m2"] },
    ],
    [
      "a removed item",
      { type: "item_removed", id: "m2" },
      { kind: "items", turn: "t1", items: ["m2"], owners: [] },
    ],
    ["a status", { type: "turn", id: "t1", status: "done" }, { kind: "status", turn: "t1" }],
    ["a new turn", { type: "turn", id: "t2", status: "queued" }, { kind: "turn_added", turn: "t2" }],
    [
      "a removed turn",
      { type: "turn_removed", id: "t1" },
      { kind: "turn_removed", turn: "t1", items: ["m1", "m2"] },
    ],
    ["the surroundings", info({ ended: true }), { kind: "surroundings" }],
  ])("%s", (_, event, change) => {
    expect(transcript().apply(event)).toEqual(change);
  });
});

describe("items in other items", () => {
  const inside = (id: string, parent_id: string) => output(id, { parent_id });

  function shape(transcript: Transcript): object {
    const shown = (id: string): object => ({ [id]: transcript.owned(id).map(shown) });
    return [...transcript.turns].map((turn) => transcript.roots(turn).map(shown));
  }

  test("are shown where they belong, in the order they came, whichever came first", () => {
    const items = [
      inside("a", "m"),
      message("m", ""),
      inside("b", "a"),
      inside("c", "m"),
      inside("d", "gone"),
    ];
    const transcript = new Transcript(info(), [turn("t", "done", ...items)]);
    expect(shape(transcript)).toEqual([[{ m: [{ a: [{ b: [] }] }, { c: [] }] }, { d: [] }]]);
  });

  test("belong to no item of another turn: a page may not have that", () => {
    const turns = [turn("t1", "done", message("m1", "")), turn("t2", "done", inside("a", "m1"))];
    expect(shape(new Transcript(info(), turns))).toEqual([[{ m1: [] }], [{ a: [] }]]);
  });

  test("move, and go with what they are in", () => {
    const items = [message("m1", ""), message("m2", ""), inside("a", "m1"), inside("b", "a")];
    const transcript = new Transcript(info(), [turn("t", "done", ...items)]);
    const move = transcript.apply({ type: "item", turn: "t", item: inside("a", "m2") });
    expect(move).toEqual({ kind: "items", turn: "t", items: ["a"], owners: ["m2", "m1"] });
    expect(shape(transcript)).toEqual([[{ m1: [] }, { m2: [{ a: [{ b: [] }] }] }]]);
    const removal = transcript.apply({ type: "item_removed", id: "a" });
    expect(removal).toEqual({ kind: "items", turn: "t", items: ["a", "b"], owners: ["m2"] });
    expect(shape(transcript)).toEqual([[{ m1: [] }, { m2: [] }]]);
  });
});
