// @vitest-environment node
import { expect, test } from "vitest";
import { parsePacket } from "../src/packet.ts";
import { snapshot } from "./records.ts";

test("a packet is read from its text", () => {
  expect(parsePacket({ text: JSON.stringify(snapshot()) })).toEqual(snapshot());
});

test.each([
  ["nothing", undefined],
  ["another message", { type: "events" }],
  ["no JSON", { text: "{" }],
  ["an unknown type", { text: '{"type":"later"}' }],
  ["events without a number", { text: '{"type":"events","epoch":1,"events":[]}' }],
  ["events that are no records", { text: '{"type":"events","epoch":1,"first":1,"events":[1]}' }],
  ["a snapshot without turns", { text: '{"type":"snapshot","epoch":1,"seq":1,"info":{}}' }],
  [
    "a piece of a transcript that says not what it comes before",
    { text: '{"type":"earlier","epoch":1,"seq":1,"turns":[],"earlier":0}' },
  ],
  ["a state that is none", { text: '{"type":"inspection","chat":0,"revision":1,"state":[],"session":{}}' }],
  ["an asset without a hash", { text: '{"type":"asset"}' }],
])("%s is no packet", (_, content) => {
  expect(parsePacket(content)).toBeUndefined();
});
