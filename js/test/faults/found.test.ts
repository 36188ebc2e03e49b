// What the runs of tests/faults have found in the page, each as the shortest story that shows it.

import { expect, test } from "vitest";
import { events } from "../FakeComm.ts";
import { openStore, send } from "../openStore.ts";

test("a message that another page withdrew before this one saw its turn leaves the outbox", () => {
  const { store, comm } = openStore();
  const turn = send(store, comm, "hello");
  comm.receive(
    events(1, 1, { type: "turn", id: turn, status: "queued" }, { type: "turn_removed", id: turn }),
  );
  store.picture.flush();
  expect(store.outbox.value).toEqual([]);
});
