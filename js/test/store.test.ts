import { beforeEach, describe, expect, test, vi } from "vitest";
import { NOTHING_BESIDE } from "../src/outbox.ts";
import { MAX_MESSAGE_CHARS } from "../src/protocol.ts";
import { Store } from "../src/store.ts";
import { events, FakeComm } from "./FakeComm.ts";
import { openStore, send } from "./openStore.ts";
import { snapshot, turn, userMessage } from "./records.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

describe("a message", () => {
  test("is sent until the transcript has its turn, and shown all the while", () => {
    const { store, comm } = openStore();
    const id = send(store, comm, "hello");
    expect(store.draft.text.value).toBe("");
    expect(store.outbox.value).toMatchObject([{ turn: id, content: "hello" }]);
    vi.advanceTimersByTime(2000);
    expect(comm.sentOf("user_message")).toEqual(
      Array(2).fill({
        type: "user_message",
        turn: id,
        content: "hello",
        epoch: 1,
        replaces: null,
        answers: null,
        ...NOTHING_BESIDE,
        files: [],
      }),
    );

    comm.receive(events(1, 1, { type: "turn", id, status: "queued" }));
    store.picture.flush();
    expect(store.outbox.value).toMatchObject([{ turn: id, isKnown: true }]);
    comm.receive(events(1, 2, { type: "item", turn: id, item: userMessage("m1", "hello") }));
    store.picture.flush();
    expect(store.outbox.value).toEqual([]);
    vi.advanceTimersByTime(4000);
    expect(comm.sentOf("user_message")).toHaveLength(2);
  });

  test("whose turn comes all at once leaves no timer behind", () => {
    const { store, comm } = openStore();
    const id = send(store, comm, "hello");
    comm.receive(
      events(
        1,
        1,
        { type: "turn", id, status: "running" },
        { type: "item", turn: id, item: userMessage("m1", "hello") },
        { type: "turn", id, status: "done" },
      ),
    );
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);
    expect(store.outbox.value).toEqual([]);
  });

  test("does not overtake one that was sent before it", () => {
    const { store, comm } = openStore();
    send(store, comm, "one");
    send(store, comm, "two");
    vi.advanceTimersByTime(2000);
    expect(comm.sentOf("user_message").map(({ content }) => content)).toEqual(["one", "two", "one", "two"]);
  });

  test("that is refused returns to the composer, with the reason", () => {
    const { store, comm } = openStore();
    const id = send(store, comm, "hello");
    comm.receive({ type: "refused", turn: id, message: "Not now." });
    expect(store.outbox.value).toEqual([]);
    expect(store.draft.text.value).toBe("hello");
    expect(store.notice.value).toBe("Not now.");
  });

  test("that is refused is offered when something else is being written", () => {
    const { store, comm } = openStore();
    const id = send(store, comm, "hello");
    store.draft.text.value = "meanwhile";
    comm.receive({ type: "refused", turn: id, message: "Not now." });
    expect(store.draft.text.value).toBe("meanwhile");
    expect(store.draft.offers.value).toMatchObject([{ turn: id, content: "hello" }]);
    store.draft.accept(id);
    expect(store.draft.text.value).toBe("meanwhile\n\nhello");
    expect(store.draft.offers.value).toEqual([]);
  });

  test("gets stuck when the line is down, and is sent when the kernel is heard again", () => {
    const { store, comm } = openStore();
    comm.isDown = true;
    send(store, comm, "hello");
    expect(store.connection.value).toBe("lost");
    expect(store.outbox.value).toMatchObject([{ content: "hello", isStuck: true }]);
    vi.advanceTimersByTime(600_000);
    expect(vi.getTimerCount()).toBe(0);
    comm.isDown = false;
    comm.receive({ type: "head", epoch: 1, seq: 0 });
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "hello" }]);
    expect(store.outbox.value).toMatchObject([{ isStuck: false }]);
  });

  test("that is stuck can be put back", () => {
    const { store, comm } = openStore();
    comm.isDown = true;
    send(store, comm, "hello");
    store.putBack(store.outbox.value[0]?.turn ?? "");
    expect(store.outbox.value).toEqual([]);
    expect(store.draft.text.value).toBe("hello");
  });

  test("written to a conversation that is over is offered, not sent to the next", () => {
    const { store, comm } = openStore();
    send(store, comm, "hello");
    comm.receive(snapshot({ epoch: 2 }));
    expect(store.outbox.value).toEqual([]);
    expect(store.draft.text.value).toBe("hello");
  });

  test("written before the first picture came is kept", () => {
    const comm = new FakeComm();
    const store = new Store(comm);
    store.openView();
    const id = send(store, comm, "hello");
    comm.receive(snapshot());
    expect(store.outbox.value).toMatchObject([{ turn: id }]);
    comm.receive(snapshot({ seq: 2, turns: [turn(id, "running", userMessage("m1", "hello"))] }));
    store.picture.flush();
    expect(store.outbox.value).toEqual([]);
    expect(store.draft.text.value).toBe("");
  });

  test("of nothing but space is not sent, nor one that is too long", () => {
    const { store, comm } = openStore();
    send(store, comm, " \n");
    const long = "x".repeat(MAX_MESSAGE_CHARS + 1);
    send(store, comm, long);
    expect(comm.sentOf("user_message")).toEqual([]);
    expect(store.draft.text.value).toBe(long);
    expect(store.notice.value).toBe(
      "A message may have 1,000,000 characters, but this one has 1,000,001. Send it in parts.",
    );
  });
});

describe("stop", () => {
  test("is repeated until the turn stops", () => {
    const { store, comm } = openStore(snapshot({ turns: [turn("t1", "running")] }));
    expect(store.current.value).toBe("t1");
    store.stop("t1");
    store.stop("t1");
    expect(store.isStopAsked("t1")).toBe(true);
    vi.advanceTimersByTime(2000);
    expect(comm.sentOf("stop")).toEqual(Array(2).fill({ type: "stop", turn: "t1" }));
    comm.receive(events(1, 1, { type: "turn", id: "t1", status: "stopping" }));
    expect(store.isStopAsked("t1")).toBe(false);
    vi.advanceTimersByTime(4000);
    expect(comm.sentOf("stop")).toHaveLength(2);
  });

  test("also means a message that is on its way", () => {
    const { store, comm } = openStore();
    const id = send(store, comm, "hello");
    expect(store.current.value).toBe(id);
    store.stop(id);
    comm.receive(events(1, 1, { type: "turn", id, status: "running" }));
    expect(store.isStopAsked(id)).toBe(true);
  });
});

describe("withdraw", () => {
  const queued = snapshot({
    turns: [turn("t1", "running"), turn("t2", "queued", userMessage("m2", "later"))],
  });

  test("returns the text to the composer", () => {
    const { store, comm } = openStore(queued);
    store.withdraw("t2");
    expect(comm.sentOf("withdraw")).toEqual([{ type: "withdraw", turn: "t2" }]);
    comm.receive(events(1, 1, { type: "turn_removed", id: "t2" }));
    expect(store.draft.text.value).toBe("later");
  });

  test("that comes too late changes nothing", () => {
    const { store, comm } = openStore(queued);
    store.withdraw("t2");
    comm.receive(events(1, 1, { type: "turn", id: "t2", status: "running" }));
    comm.receive(events(1, 2, { type: "turn_removed", id: "t2" }));
    expect(store.draft.text.value).toBe("");
  });

  test("by somebody else does not concern this page", () => {
    const { store, comm } = openStore(queued);
    comm.receive(events(1, 1, { type: "turn_removed", id: "t2" }));
    expect(store.draft.text.value).toBe("");
  });
});

test("a new chat is asked for until its picture comes", () => {
  const { store, comm } = openStore();
  store.restart();
  vi.advanceTimersByTime(2000);
  expect(comm.sentOf("restart")).toEqual(Array(2).fill({ type: "restart", epoch: 1, profile: null }));
  expect(store.isRestarting).toBe(true);
  comm.receive(snapshot({ epoch: 2 }));
  vi.advanceTimersByTime(60_000);
  expect(comm.sentOf("restart")).toHaveLength(2);
  expect(store.isRestarting).toBe(false);
});

describe("earlier turns", () => {
  const later = snapshot({ seq: 3, turns: [turn("t8", "done"), turn("t9", "done")], earlier: 8 });
  const piece = {
    type: "earlier",
    epoch: 1,
    seq: 3,
    before: "t8",
    turns: [turn("t7", "done")],
    earlier: 7,
  } as const;
  const ids = (store: Store) => store.picture.transcript?.turnIds;

  test("are asked for until they come, and put in front", () => {
    const { store, comm } = openStore(later);
    expect(store.earlier.value).toBe(8);
    store.getEarlier();
    store.getEarlier();
    expect(store.isGettingEarlier).toBe(true);
    vi.advanceTimersByTime(2000);
    expect(comm.sentOf("get_earlier")).toEqual(
      Array(2).fill({ type: "get_earlier", epoch: 1, before: "t8" }),
    );
    comm.receive({ ...piece, turns: [...piece.turns] });
    expect(ids(store)).toEqual(["t7", "t8", "t9"]);
    expect(store.earlier.value).toBe(7);
    expect(store.isGettingEarlier).toBe(false);
    vi.advanceTimersByTime(60_000);
    expect(comm.sentOf("get_earlier")).toHaveLength(2);
  });

  test("are not asked for when all are here", () => {
    const { store, comm } = openStore();
    store.getEarlier();
    expect(comm.sent).toEqual([]);
  });

  test.each([
    ["as they were before", { seq: 2 }],
    ["as they will be", { seq: 4 }],
    ["of another session", { epoch: 2 }],
    ["before another turn", { before: "t9" }],
  ])("%s are not taken; the request is repeated in its time", (_, fields) => {
    const { store, comm } = openStore(later);
    store.getEarlier();
    comm.receive({ ...piece, turns: [...piece.turns], ...fields });
    expect(ids(store)).toEqual(["t8", "t9"]);
    expect(comm.sentOf("get_earlier")).toHaveLength(1);
    vi.advanceTimersByTime(2000);
    expect(comm.sentOf("get_earlier")).toHaveLength(2);
  });

  test("that show how far the kernel is make the page ask for what it lacks", () => {
    const { store, comm } = openStore(later);
    store.getEarlier();
    comm.receive({ ...piece, turns: [...piece.turns], seq: 5 });
    expect(comm.sentOf("resync")).toEqual([{ type: "resync", page: "page", epoch: 1, seq: 3 }]);
  });

  test("are forgotten when another picture comes", () => {
    const { store, comm } = openStore(later);
    store.getEarlier();
    comm.receive({ ...piece, turns: [...piece.turns] });
    comm.receive(snapshot({ epoch: 2, turns: [turn("u1", "done")] }));
    expect(ids(store)).toEqual(["u1"]);
    expect(store.earlier.value).toBe(0);
  });
});

describe("recall", () => {
  test("goes through what was sent, and back to nothing", () => {
    const turns = [
      turn("t1", "done", userMessage("m1", "one")),
      turn("t2", "done", userMessage("m2", "two")),
    ];
    const { store } = openStore(snapshot({ turns }));
    expect(store.recall(-1)).toBe(true);
    expect(store.draft.text.value).toBe("two");
    store.recall(-1);
    expect(store.draft.text.value).toBe("one");
    expect(store.recall(-1)).toBe(false);
    store.recall(1);
    store.recall(1);
    expect(store.draft.text.value).toBe("");
  });

  test("never overwrites a draft", () => {
    const { store } = openStore(snapshot({ turns: [turn("t1", "done", userMessage("m1", "one"))] }));
    store.draft.text.value = "dra";
    expect(store.recall(-1)).toBe(false);
    expect(store.draft.text.value).toBe("dra");
  });
});
