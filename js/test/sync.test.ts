import { beforeEach, describe, expect, test, vi } from "vitest";
import type { TurnRecord } from "../src/protocol.ts";
import type { Store } from "../src/store.ts";
import { events, FakeComm } from "./FakeComm.ts";
import { newStore, openStore } from "./openStore.ts";
import { message, snapshot, turn, userMessage } from "./records.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

const started = (id: string) => ({ type: "turn", id, status: "done" }) as const;

function turnsOf(store: Store): TurnRecord[] {
  return store.picture.transcript?.records() ?? [];
}

function turnIdsOf(store: Store): string[] {
  return turnsOf(store).map(({ id }) => id);
}

describe("hello", () => {
  test("is said when the first view opens, not before", () => {
    const comm = new FakeComm();
    const store = newStore(comm);
    vi.advanceTimersByTime(60_000);
    expect(comm.sent).toEqual([]);
    store.openView();
    store.openView();
    expect(comm.sent).toEqual([{ type: "hello", protocol: 1, page: "page", epoch: 0, seq: 0 }]);
  });

  test("is not needed where the picture came unasked, and what followed is acknowledged", () => {
    const comm = new FakeComm();
    const store = newStore(comm);
    comm.receive(snapshot());
    const close = store.openView();
    expect(store.connection.value).toBe("live");
    vi.advanceTimersByTime(60_000);
    expect(comm.sent).toEqual([]);
    comm.receive(events(1, 1, { type: "turn", id: "t", status: "done" }));
    vi.advanceTimersByTime(1000);
    expect(comm.sent).toEqual([{ type: "ack", page: "page", epoch: 1, seq: 1 }]);
    close();
    store.openView();
    expect(comm.sentOf("hello")).toEqual([{ type: "hello", protocol: 1, page: "page", epoch: 1, seq: 1 }]);
  });

  test("is repeated ever more slowly, and not for ever", () => {
    const comm = new FakeComm();
    const store = newStore(comm);
    store.openView();
    vi.advanceTimersByTime(1000);
    expect(comm.sent).toHaveLength(2);
    vi.advanceTimersByTime(2000);
    expect(comm.sent).toHaveLength(3);
    vi.advanceTimersByTime(600_000);
    expect(comm.sent).toHaveLength(12);
    expect(store.connection.value).toBe("lost");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("ends with the snapshot, which needs no acknowledgement: the kernel knows that the page asks until it has it", () => {
    const { store, comm } = openStore(snapshot({ seq: 3, turns: [turn("t1", "done")] }));
    expect(turnsOf(store)).toEqual([turn("t1", "done")]);
    expect(store.connection.value).toBe("live");
    vi.advanceTimersByTime(60_000);
    expect(comm.sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a view that comes back tells where it is, and is content with a head", () => {
    const comm = new FakeComm();
    const store = newStore(comm);
    const close = store.openView();
    comm.receive(snapshot({ seq: 2 }));
    close();
    expect(comm.sent.at(-1)).toEqual({ type: "bye", page: "page" });
    store.openView();
    expect(comm.sent.at(-1)).toEqual({ type: "hello", protocol: 1, page: "page", epoch: 1, seq: 2 });
    comm.clear();
    comm.receive({ type: "head", epoch: 1, seq: 2 });
    vi.advanceTimersByTime(60_000);
    expect(comm.sent).toEqual([]);
  });
});

describe("events", () => {
  test("are applied in order", () => {
    const { store, comm } = openStore();
    comm.receive(events(1, 1, started("t1"), started("t2")));
    comm.receive(events(1, 3, started("t3")));
    expect(turnIdsOf(store)).toEqual(["t1", "t2", "t3"]);
  });

  test("that are known are ignored, also when new ones follow them", () => {
    const { store, comm } = openStore();
    const token = { type: "token", id: "m1", text: "x" } as const;
    comm.receive(events(1, 1, started("t1"), { type: "item", turn: "t1", item: message("m1", "") }, token));
    comm.receive(events(1, 3, token));
    comm.receive(events(1, 2, { type: "item", turn: "t1", item: message("m1", "") }, token, token));
    expect(turnsOf(store)).toEqual([turn("t1", "done", message("m1", "xx"))]);
    expect(comm.sentOf("resync")).toEqual([]);
  });

  test("after a gap wait until the gap is filled", () => {
    const { store, comm } = openStore();
    comm.receive(events(1, 3, started("t3")));
    comm.receive(events(1, 4, started("t4")));
    expect(turnIdsOf(store)).toEqual([]);
    expect(comm.sentOf("resync")).toEqual([{ type: "resync", page: "page", epoch: 1, seq: 0 }]);
    vi.advanceTimersByTime(1000);
    expect(comm.sentOf("resync")).toHaveLength(2);
    comm.receive(events(1, 1, started("t1"), started("t2"), started("t3"), started("t4")));
    expect(turnIdsOf(store)).toEqual(["t1", "t2", "t3", "t4"]);
    vi.advanceTimersByTime(60_000);
    expect(comm.sentOf("resync")).toHaveLength(2);
  });

  test("of another session are a gap", () => {
    const { comm } = openStore(snapshot({ seq: 5 }));
    comm.receive(events(2, 1, started("t1")));
    expect(comm.sentOf("resync")).toEqual([{ type: "resync", page: "page", epoch: 1, seq: 5 }]);
  });

  test("of an earlier session are ignored", () => {
    const { store, comm } = openStore(snapshot({ epoch: 2, seq: 1 }));
    comm.receive(events(1, 2, started("t1")));
    expect(turnIdsOf(store)).toEqual([]);
    expect(comm.sentOf("resync")).toEqual([]);
  });

  test("are acknowledged when there are many, and soon after the first of a few", () => {
    const { comm } = openStore();
    for (let seq = 1; seq <= 100; seq++) comm.receive(events(1, seq, started(`t${seq}`)));
    expect(comm.sentOf("ack").map(({ seq }) => seq)).toEqual([48, 96]);
    vi.advanceTimersByTime(749);
    comm.receive(events(1, 101, started("t101")));
    vi.advanceTimersByTime(1);
    expect(comm.sentOf("ack").map(({ seq }) => seq)).toEqual([48, 96, 101]);
    vi.advanceTimersByTime(60_000);
    expect(comm.sentOf("ack")).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that end a turn are acknowledged before the next question", () => {
    const { comm } = openStore(snapshot({ seq: 1, turns: [turn("t1", "running")] }));
    comm.receive(events(1, 2, { type: "turn", id: "t1", status: "done" }));
    vi.advanceTimersByTime(199);
    expect(comm.sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(comm.sent).toEqual([{ type: "ack", page: "page", epoch: 1, seq: 2 }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that fill a gap are acknowledged as others are", () => {
    const { comm } = openStore();
    comm.receive(events(1, 2, started("t2")));
    comm.receive(events(1, 1, started("t1"), started("t2")));
    vi.advanceTimersByTime(750);
    expect(comm.sentOf("ack").map(({ seq }) => seq)).toEqual([2]);
  });
});

describe("snapshots", () => {
  test("that come unasked are acknowledged", () => {
    const { comm } = openStore(snapshot({ seq: 2 }));
    comm.receive(snapshot({ epoch: 2, seq: 1 }));
    vi.advanceTimersByTime(750);
    expect(comm.sent).toEqual([{ type: "ack", page: "page", epoch: 2, seq: 1 }]);
  });

  test("that are not newer change nothing", () => {
    const { store, comm } = openStore(snapshot({ seq: 2, turns: [turn("t1", "done")] }));
    comm.receive(snapshot({ seq: 2 }));
    comm.receive(snapshot({ seq: 1 }));
    expect(turnIdsOf(store)).toEqual(["t1"]);
  });

  test("of a new session replace the old one's picture", () => {
    const { store, comm } = openStore(snapshot({ seq: 9, turns: [turn("t1", "done")] }));
    comm.receive(snapshot({ epoch: 2, seq: 0 }));
    expect(turnIdsOf(store)).toEqual([]);
  });

  test("leave alone what they do not change", () => {
    const before = [turn("t1", "running", userMessage("m1", "hi"), message("m2", "so"))];
    const { store, comm } = openStore(snapshot({ seq: 3, turns: before }));
    const [hi, so, t1] = [store.picture.item("m1"), store.picture.item("m2"), store.picture.turn("t1")];
    const [hiBefore, t1Before] = [hi.value, t1.value];
    comm.receive(
      snapshot({ seq: 5, turns: [turn("t1", "running", userMessage("m1", "hi"), message("m2", "so far"))] }),
    );
    store.picture.flush();
    expect(hi.value).toBe(hiBefore);
    expect(t1.value).toBe(t1Before);
    expect(so.value).toEqual({ item: message("m2", "so far"), edition: 0, children: [] });
  });
});

describe("a head", () => {
  test("is acknowledged, unless it answers", () => {
    const { comm } = openStore(snapshot({ seq: 2 }));
    comm.receive({ type: "head", epoch: 1, seq: 2 });
    expect(comm.sent).toEqual([{ type: "ack", page: "page", epoch: 1, seq: 2 }]);
  });

  test("that is ahead exposes a lost tail", () => {
    const { comm } = openStore(snapshot({ seq: 2 }));
    comm.receive({ type: "head", epoch: 1, seq: 4 });
    expect(comm.sentOf("resync")).toEqual([{ type: "resync", page: "page", epoch: 1, seq: 2 }]);
  });
});

describe("the line", () => {
  test("shows trouble when the page is behind for a second", () => {
    const { store, comm } = openStore();
    comm.receive({ type: "head", epoch: 1, seq: 4 });
    vi.advanceTimersByTime(999);
    expect(store.connection.value).toBe("live");
    vi.advanceTimersByTime(1);
    expect(store.connection.value).toBe("reconnecting");
    comm.receive(snapshot({ seq: 4 }));
    expect(store.connection.value).toBe("live");
  });

  test("is probed when nothing is heard while a turn runs", () => {
    const { store, comm } = openStore(snapshot({ seq: 1, turns: [turn("t1", "running")] }));
    vi.advanceTimersByTime(4999);
    expect(comm.sentOf("resync")).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(comm.sentOf("resync")).toHaveLength(1);
    vi.advanceTimersByTime(1999);
    expect(store.connection.value).toBe("live");
    vi.advanceTimersByTime(1);
    expect(store.connection.value).toBe("reconnecting");
    comm.receive({ type: "head", epoch: 1, seq: 1 });
    expect(store.connection.value).toBe("live");
  });

  test("is probed when the network or the page is back", () => {
    const { comm } = openStore();
    window.dispatchEvent(new Event("online"));
    expect(comm.sentOf("resync")).toHaveLength(1);
    comm.receive({ type: "head", epoch: 1, seq: 0 });
    document.dispatchEvent(new Event("visibilitychange"));
    expect(comm.sentOf("resync")).toHaveLength(2);
  });

  test("is given up after a while, until something is heard", () => {
    const { store, comm } = openStore(snapshot({ seq: 1, turns: [turn("t1", "running")] }));
    vi.advanceTimersByTime(600_000);
    expect(store.connection.value).toBe("lost");
    expect(vi.getTimerCount()).toBe(0);
    comm.receive({ type: "head", epoch: 1, seq: 1 });
    expect(store.connection.value).toBe("live");
  });

  test("that is down makes no storm", () => {
    const { store, comm } = openStore(snapshot({ seq: 1, turns: [turn("t1", "running")] }));
    comm.isDown = true;
    vi.advanceTimersByTime(600_000);
    expect(store.connection.value).toBe("lost");
    expect(vi.getTimerCount()).toBe(0);
    comm.isDown = false;
    store.tryAgain();
    comm.receive({ type: "head", epoch: 1, seq: 1 });
    expect(store.connection.value).toBe("live");
  });

  test("is silent once page and kernel do not understand each other", () => {
    const { store, comm } = openStore(snapshot({ seq: 1, turns: [turn("t1", "running")] }));
    comm.receive({ type: "incompatible", protocol: 2, message: "Reload the page." });
    vi.advanceTimersByTime(600_000);
    expect(store.incompatible.value).toBe("Reload the page.");
    expect(store.isWritable.value).toBe(false);
    expect(comm.sent).toEqual([]);
  });
});

test("a closed store holds on to nothing", () => {
  const { store, comm } = openStore(snapshot({ seq: 1, turns: [turn("t1", "running")] }));
  store.close();
  expect(comm.listeners).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  window.dispatchEvent(new Event("online"));
  expect(comm.sentOf("resync")).toEqual([]);
});
