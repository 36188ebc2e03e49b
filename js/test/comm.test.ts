import { expect, test, vi } from "vitest";
import { openComm } from "../src/comm.ts";
import { FakeModel } from "./FakeModel.ts";

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
