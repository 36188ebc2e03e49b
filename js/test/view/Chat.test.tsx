import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { events } from "../FakeComm.ts";
import { info, message, snapshot, turn, userMessage } from "../records.ts";
import { composer, openChat } from "./openChat.tsx";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(cleanup);

const advance = (ms: number) => vi.advanceTimersByTime(ms);

describe("an empty chat", () => {
  test("invites to write", () => {
    openChat(snapshot({ info: info({ assistant: "Tutor" }) }));
    expect(screen.getByText("Write a message to begin the conversation with Tutor.")).toBeTruthy();
  });

  test("says what is missing while nothing answers, and no longer", () => {
    const { receive } = openChat(snapshot({ info: info({ has_on_message: false }) }));
    expect(screen.getByText(/@cl\.on_message/).textContent).toContain("import anychat as cl");
    receive(events(1, 1, info({ has_on_message: true })));
    expect(screen.queryByText(/@cl\.on_message/)).toBeNull();
  });

  test("is still empty when an opening is over that said nothing", () => {
    const { receive } = openChat(snapshot({ turns: [turn("t1", "done")] }));
    expect(screen.getByText(/Write a message/)).toBeTruthy();
    receive(events(1, 1, { type: "item", turn: "t1", item: message("m1", "Welcome") }));
    expect(screen.queryByText(/Write a message/)).toBeNull();
  });

  test("ends with the first message", () => {
    const { receive } = openChat(snapshot());
    receive(events(1, 1, { type: "turn", id: "t1", status: "running" }));
    expect(screen.queryByText(/Write a message/)).toBeNull();
  });
});

describe("a new chat", () => {
  const newChat = () => screen.queryByRole("button", { name: "New chat" });

  test("is begun at once where nothing was said", () => {
    const { comm } = openChat(snapshot());
    if (newChat()) fireEvent.click(screen.getByRole("button", { name: "New chat" }));
    expect(comm.sentOf("restart")).toEqual([{ type: "restart", epoch: 1, profile: null }]);
  });

  test("is begun at the second click where something was said", () => {
    const { comm, receive } = openChat(snapshot({ turns: [turn("t1", "done", userMessage("m1", "hi"))] }));
    fireEvent.click(screen.getByRole("button", { name: "New chat" }));
    expect(comm.sentOf("restart")).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Confirm new chat" }));
    expect(comm.sentOf("restart")).toEqual([{ type: "restart", epoch: 1, profile: null }]);
    receive(snapshot({ epoch: 2 }));
    expect(screen.queryByText("hi")).toBeNull();
    expect(newChat()).not.toBeNull();
  });

  test.each([
    [
      "Escape",
      () => fireEvent.keyDown(screen.getByRole("button", { name: "Confirm new chat" }), { key: "Escape" }),
    ],
    ["a look elsewhere", () => fireEvent.blur(screen.getByRole("button", { name: "Confirm new chat" }))],
  ])("is not begun after %s", (_, turnAway) => {
    openChat(snapshot({ turns: [turn("t1", "done")] }));
    fireEvent.click(screen.getByRole("button", { name: "New chat" }));
    turnAway();
    expect(newChat()).not.toBeNull();
  });
});

test("who writes is shown where the notebook says it", () => {
  const { receive } = openChat(snapshot({ info: info({ user: "Alice" }) }));
  expect(screen.getByTitle("You write as Alice").textContent).toBe("Alice");
  receive(events(1, 1, info({ user: null })));
  expect(screen.queryByTitle("You write as Alice")).toBeNull();
});

test("trouble on the line is shown beside the name", () => {
  const { receive, wait } = openChat(snapshot(), advance);
  receive({ type: "head", epoch: 1, seq: 5 });
  wait(1000);
  expect(screen.getByText("Reconnecting…")).toBeTruthy();
  receive(snapshot({ seq: 5 }));
  expect(screen.queryByText("Reconnecting…")).toBeNull();
});

test("what the kernel refuses is shown until it is dismissed", () => {
  const { receive } = openChat(snapshot());
  receive({ type: "refused", turn: null, message: "Not now." });
  expect(screen.getByRole("alert").textContent).toBe("Not now.");
  fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(screen.queryByRole("alert")).toBeNull();
});

describe("the focus does not go with a button", () => {
  const press = (name: string) => {
    const button = screen.getByRole("button", { name });
    button.focus();
    fireEvent.click(button);
    expect(button.isConnected).toBe(false);
  };

  test("that puts a notice away", () => {
    const { receive } = openChat(snapshot());
    receive({ type: "refused", turn: null, message: "Not now." });
    press("Dismiss");
    expect(document.activeElement).toBe(composer());
  });

  test("nor does it leave a chat that has ended", () => {
    const { receive } = openChat(snapshot({ info: info({ ended: true }) }));
    receive({ type: "refused", turn: null, message: "Not now." });
    press("Dismiss");
    expect(document.activeElement).toBe(screen.getByRole("log"));
  });

  test("that leads to the latest message", () => {
    openChat(snapshot({ turns: [turn("t1", "done", message("m1", "Hello"))] }));
    const log = screen.getByRole("log");
    Object.defineProperties(log, { scrollHeight: { value: 900 }, clientHeight: { value: 100 } });
    log.scrollTop = 500;
    fireEvent.scroll(log);
    fireEvent.wheel(log, { deltaY: -100 });
    press("Scroll to the latest message");
    expect(document.activeElement).toBe(log);
  });
});
