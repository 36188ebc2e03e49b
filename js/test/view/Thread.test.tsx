import { cleanup, fireEvent, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TurnRecord } from "../../src/protocol.ts";
import { GROUP_SIZE } from "../../src/view/groupTurns.ts";
import { events } from "../FakeComm.ts";
import { send } from "../openStore.ts";
import { message, output, snapshot, turn, userMessage } from "../records.ts";
import { composer, conversation, openChat } from "./openChat.tsx";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(cleanup);

const advance = (ms: number) => vi.advanceTimersByTime(ms);
const log = () => screen.getByRole("log");

test("a conversation, from sending to the answer", () => {
  const { store, comm, receive, user } = openChat(snapshot(), advance);
  let id = "";
  user(() => {
    id = send(store, comm, "Two\nlines");
  });
  expect(conversation()).toEqual(["Two\nlines"]);

  receive(
    events(
      1,
      1,
      { type: "turn", id, status: "running" },
      { type: "item", turn: id, item: userMessage("m1", "Two\nlines") },
      { type: "item", turn: id, item: message("m2", "", { streaming: true }) },
    ),
  );
  receive(
    events(1, 4, { type: "token", id: "m2", text: "Good " }, { type: "token", id: "m2", text: "**day**" }),
  );
  expect(conversation()).toEqual(["Two\nlines", "Good day"]);
  expect(screen.getByRole("article", { name: "Assistant" }).getAttribute("aria-busy")).toBe("true");

  receive(events(1, 6, { type: "patch", id: "m2", streaming: false }, { type: "turn", id, status: "done" }));
  expect(conversation()).toEqual(["Two\nlines", "Good day"]);
  expect(screen.getByRole("status").textContent).toBe("Good day");
});

test("a token renders its message again, and no other", () => {
  const turns = [
    turn("t1", "done", message("m1", "one")),
    turn("t2", "running", message("m2", "two", { streaming: true })),
  ];
  const { receive, wait } = openChat(snapshot({ turns }), advance);
  const [first] = screen.getAllByRole("article");
  const observer = new MutationObserver(() => {});
  if (first)
    observer.observe(first, { childList: true, subtree: true, characterData: true, attributes: true });
  receive(events(1, 1, { type: "token", id: "m2", text: " more" }));
  wait(1000);
  expect(conversation()[1]).toBe("two more");
  expect(observer.takeRecords()).toEqual([]);
});

describe("items in other items", () => {
  const printed = (id: string, content: string, parent_id: string) => output(id, { content, parent_id });
  const turns = [turn("t1", "running", message("m1", "one", { streaming: true }), message("m2", "two"))];

  test("stand in the message that they belong to", async () => {
    const { receive, wait } = openChat(snapshot({ turns }), advance);
    const inside = printed("o1", "inside of one", "m1");
    receive(events(1, 1, { type: "item", turn: "t1", item: inside }));
    wait(1000);
    expect(conversation()).toEqual([expect.stringMatching(/^one.*inside of one/), "two"]);
    receive(events(1, 2, { type: "item_removed", id: "o1" }));
    expect(conversation()).toEqual(["one", "two"]);
  });

  test("cost the others nothing when they come or grow, and nothing when their message grows", () => {
    const { store, receive, wait } = openChat(snapshot({ turns }), advance);
    receive(events(1, 1, { type: "item", turn: "t1", item: printed("o1", "inside", "m1") }));
    wait(1000);
    const [turnBefore, inside] = [store.picture.turn("t1").value, store.picture.item("o1").value];
    const [, second] = screen.getAllByRole("article");
    const observer = new MutationObserver(() => {});
    if (second) observer.observe(second, { childList: true, subtree: true, characterData: true });
    const spy = vi.spyOn(store.picture, "item");
    receive(
      events(
        1,
        2,
        { type: "item", turn: "t1", item: printed("o2", "new", "m1") },
        { type: "token", id: "o2", text: "!" },
      ),
    );
    expect(spy.mock.calls.map(([id]) => id).sort()).toEqual(["m1", "o2"]);
    spy.mockClear();
    receive(events(1, 4, { type: "token", id: "m1", text: " more" }));
    expect(spy.mock.calls).toEqual([["m1"]]);
    expect(store.picture.turn("t1").value).toBe(turnBefore);
    expect(store.picture.item("o1").value).toBe(inside);
    expect(observer.takeRecords()).toEqual([]);
  });
});

describe("what a turn waits for", () => {
  test("a message on its way, after a while", () => {
    const { store, comm, user, wait } = openChat(snapshot(), advance);
    user(() => send(store, comm, "hello"));
    wait(599);
    expect(screen.queryByText("Waiting for the kernel")).toBeNull();
    wait(1);
    expect(screen.getByText("Waiting for the kernel")).toBeTruthy();
  });

  test("a message behind another, which can be withdrawn", () => {
    const turns = [turn("t1", "running"), turn("t2", "queued", userMessage("m2", "later"))];
    const { comm, receive } = openChat(snapshot({ turns }));
    expect(log().textContent).toContain("Queued");
    fireEvent.click(screen.getByRole("button", { name: "Withdraw" }));
    expect(comm.sentOf("withdraw")).toEqual([{ type: "withdraw", turn: "t2" }]);
    receive(events(1, 1, { type: "turn_removed", id: "t2" }));
    expect(screen.queryByText("later", { selector: ".bubble" })).toBeNull();
    expect(composer().value).toBe("later");
  });

  test("a withdrawn message is offered when something else is being written", () => {
    const turns = [turn("t1", "running"), turn("t2", "queued", userMessage("m2", "later"))];
    const { receive } = openChat(snapshot({ turns }));
    fireEvent.click(screen.getByRole("button", { name: "Withdraw" }));
    fireEvent.input(composer(), { target: { value: "draft" } });
    receive(events(1, 1, { type: "turn_removed", id: "t2" }));
    fireEvent.click(screen.getByRole("button", { name: "Put back" }));
    expect(composer().value).toBe("draft\n\nlater");
  });

  test("the kernel, when the message is the first in line", () => {
    const { wait } = openChat(snapshot({ turns: [turn("t1", "queued", userMessage("m1", "hi"))] }), advance);
    wait(399);
    expect(log().textContent).toBe("hi");
    wait(1);
    expect(log().textContent).toContain("Waiting for the kernel: a cell is running");
  });

  test("its end, when it is asked to stop: at once, and after a while with the reason", () => {
    const { store, receive, user, wait } = openChat(snapshot({ turns: [turn("t1", "running")] }), advance);
    user(() => store.stop("t1"));
    expect(log().textContent).toBe("Stopping…");
    wait(600);
    expect(log().textContent).toBe("Stop requested; the kernel is busy");
    receive(events(1, 1, { type: "turn", id: "t1", status: "stopped" }));
    expect(log().textContent).toBe("Stopped");
  });

  test("nobody, when the kernel is gone: the message can be had back", () => {
    const { store, comm, user } = openChat(snapshot());
    comm.isDown = true;
    user(() => send(store, comm, "hello"));
    expect(log().textContent).toContain("Not delivered yet");
    expect(screen.getByRole("alert").textContent).toContain("The kernel does not answer.");
    fireEvent.click(screen.getByRole("button", { name: "Put back" }));
    expect(composer().value).toBe("hello");
  });

  test("nobody, and it is tried again: the focus does not go with the button", () => {
    const { store, comm, user } = openChat(snapshot());
    comm.isDown = true;
    user(() => send(store, comm, "hello"));
    comm.isDown = false;
    const again = within(log()).getByRole("button", { name: "Try again" });
    again.focus();
    fireEvent.click(again);
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "hello" }]);
    expect(document.activeElement).toBe(composer());
  });
});

test("an error is a card, with the traceback behind a fold", async () => {
  const error = message("m1", "ValueError: no", { is_error: true, traceback: "line 4" });
  openChat(snapshot({ turns: [turn("t1", "failed", userMessage("m0", "hi"), error)] }));
  const card = screen.getByRole("article", { name: "Error in Assistant" });
  expect(within(card).getByText("ValueError").tagName).toBe("STRONG");
  const fold = card.querySelector("details") as HTMLDetailsElement;
  expect([fold.open, within(card).queryByText("line 4")]).toEqual([false, null]);
  fold.open = true;
  fireEvent(fold, new Event("toggle"));
  expect(await within(card).findByText("line 4")).toBeTruthy();
  expect(log().textContent).not.toContain("Failed");
});

test("older turns are in groups of their own", () => {
  const { wait } = openChat(snapshot({ turns: manyTurns(GROUP_SIZE + 1) }), advance);
  settle(wait);
  const groups = [...document.querySelectorAll(".turns")];
  expect(groups.map((group) => [group.className, group.childElementCount])).toEqual([
    ["turns older", GROUP_SIZE],
    ["turns", 1],
  ]);
});

test("a long conversation opens with its end, and gets its beginning when there is time", () => {
  const { wait } = openChat(snapshot({ turns: manyTurns(4 * GROUP_SIZE) }), advance);
  expect(shownTurns()).toEqual(
    manyTurns(4 * GROUP_SIZE)
      .slice(-20)
      .map(({ id }) => id),
  );
  settle(wait);
  expect(shownTurns()).toHaveLength(4 * GROUP_SIZE);
});

test("a long message counts for many turns: the others come when there is time", () => {
  const long = manyTurns(3).map(({ id }) => turn(id, "done", message(`m-${id}`, "word ".repeat(5000))));
  const { wait } = openChat(snapshot({ turns: long }), advance);
  expect(shownTurns()).toEqual(["t2"]);
  settle(wait);
  expect(shownTurns()).toEqual(["t0", "t1", "t2"]);
});

describe("earlier turns", () => {
  const later = snapshot({ seq: 7, turns: manyTurns(60, 100), earlier: 100 });
  const button = () => screen.queryByRole("button", { name: "Show earlier messages" });
  const piece = (from: number, count: number) => ({
    type: "earlier" as const,
    epoch: 1,
    seq: 7,
    before: `t${from + count}`,
    turns: manyTurns(count, from),
    earlier: from,
  });

  test("are fetched unasked, and put in front of what is there, which stays", () => {
    const { comm, receive, wait } = openChat(later, advance);
    settle(wait);
    expect(comm.sentOf("get_earlier")).toEqual([{ type: "get_earlier", epoch: 1, before: "t100" }]);
    const before = [...document.querySelectorAll("[data-turn]")];
    receive(piece(70, 30));
    settle(wait);
    receive(piece(0, 70));
    settle(wait);
    const all = [...document.querySelectorAll("[data-turn]")];
    expect(shownTurns()).toEqual(manyTurns(160).map(({ id }) => id));
    expect(all.slice(-60)).toEqual(before);
    expect(all.slice(-60).every((element, index) => element === before[index])).toBe(true);
    expect(log().querySelector(".earlier")).toBeNull();
    wait(60_000);
    expect(comm.sentOf("get_earlier")).toHaveLength(2);
  });

  test("wait while a turn runs, unless the reader asks for them", () => {
    const turns = [...manyTurns(3), turn("now", "running")];
    const { comm, wait } = openChat(snapshot({ turns, earlier: 5 }), advance);
    settle(wait);
    expect(comm.sentOf("get_earlier")).toEqual([]);
    const shown = button();
    if (!shown) throw new Error("The button is missing.");
    expect(shown.closest("[data-chat-chrome]")).not.toBeNull();
    fireEvent.click(shown);
    wait(0);
    expect(comm.sentOf("get_earlier")).toEqual([{ type: "get_earlier", epoch: 1, before: "t0" }]);
    expect(button()).toBeNull();
    expect(document.activeElement).toBe(log());
  });

  test("beyond a thousand come when the reader scrolls up to the beginning", () => {
    const { comm, user, wait } = openChat(snapshot({ turns: manyTurns(1000), earlier: 5 }), advance);
    for (let slice = 0; slice < 6; slice++) settle(wait);
    expect(comm.sentOf("get_earlier")).toEqual([]);
    user(() => {
      Object.defineProperty(log(), "scrollTop", { value: 50, writable: true });
      Object.defineProperty(log(), "clientHeight", { value: 400 });
      fireEvent.scroll(log());
    });
    expect(comm.sentOf("get_earlier")).toEqual([]);
    user(() => {
      fireEvent.wheel(log(), { deltaY: -10 });
      fireEvent.scroll(log());
    });
    expect(comm.sentOf("get_earlier")).toHaveLength(1);
  });
});

function manyTurns(count: number, from = 0): TurnRecord[] {
  return Array.from({ length: count }, (_, index) => turn(`t${from + index}`, "done"));
}

function shownTurns(): (string | null)[] {
  return [...document.querySelectorAll("[data-turn]")].map((element) => element.getAttribute("data-turn"));
}

/** Gives the page time for all that it put off. */
function settle(wait: (ms: number) => void): void {
  for (let slice = 0; slice < 12; slice++) wait(50);
}

test("everything in the conversation that is not said is marked as chrome", () => {
  const turns = [
    turn("t1", "stopped", userMessage("m1", "hi"), message("m2", "ho", { author: "Other" })),
    turn("t2", "queued", userMessage("m3", "later")),
  ];
  openChat(snapshot({ turns }));
  const copy = log().cloneNode(true);
  if (copy instanceof HTMLElement) {
    for (const chrome of copy.querySelectorAll("[data-chat-chrome], [aria-hidden=true]")) chrome.remove();
  }
  expect(copy.textContent).toBe("hiholater");
});
