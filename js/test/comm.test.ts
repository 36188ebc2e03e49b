import { expect, test, vi } from "vitest";
import { openComm } from "../src/comm.ts";
import { FakeModel } from "./FakeModel.ts";

test("what came early is heard first, and once", () => {
  const model = new FakeModel();
  const head = (seq: number) => ({ type: "head", epoch: 1, seq }) as const;
  const comm = openComm(model, [{ text: JSON.stringify(head(1)) }, "other traffic"]);
  const seen: unknown[] = [];
  const unlisten = comm.listen((packet) => seen.push(packet));
  model.receive(head(2));
  unlisten();
  comm.listen((packet) => seen.push(packet));
  expect(seen).toEqual([head(1), head(2)]);
});

test("commands travel as text, packets come as they were sent", () => {
  const model = new FakeModel();
  const comm = openComm(model);
  const listener = vi.fn();
  const unlisten = comm.listen(listener);
  expect(comm.send({ type: "bye", page: "p" })).toBe(true);
  model.receive({ type: "asset", hash: "h" }, "bytes");
  expect(model.sent).toEqual([{ type: "bye", page: "p" }]);
  expect(listener).toHaveBeenCalledExactlyOnceWith({ type: "asset", hash: "h" }, ["bytes"]);
  unlisten();
  expect(model.listeners).toBe(0);
});

test("a model that cannot send is no error", () => {
  const model = new FakeModel();
  model.isDown = true;
  expect(openComm(model).send({ type: "bye", page: "p" })).toBe(false);
});
