import { effect } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { Chunks } from "../src/chunks.ts";

test("a chunk is fetched once, by the first who asks", async () => {
  const load = vi.fn(async () => ({ highlight: "colours" }));
  const chunks = new Chunks(load);
  const seen: unknown[] = [];
  effect(() => {
    seen.push(chunks.get("highlight")?.highlight);
  });
  chunks.get("highlight");
  await vi.waitFor(() => expect(seen).toEqual([undefined, "colours"]));
  expect(load.mock.calls).toEqual([["highlight"]]);
});

test("a chunk that could not be had is asked for again", async () => {
  const load = vi.fn().mockRejectedValueOnce(new Error("no line")).mockResolvedValue({ OutputView: "view" });
  const chunks = new Chunks(load);
  expect(chunks.get("outputs")).toBeUndefined();
  await vi.waitFor(() => {
    expect(chunks.get("outputs")).toEqual({ OutputView: "view" });
  });
  expect(load).toHaveBeenCalledTimes(2);
});
