import { cleanup, createEvent, fireEvent, screen } from "@testing-library/preact";
import { afterEach, describe, expect, test } from "vitest";
import { events } from "../FakeComm.ts";
import { ask, info, message, snapshot, turn, userMessage } from "../records.ts";
import { composer, openChat } from "./openChat.tsx";

afterEach(cleanup);

function type(text: string): void {
  fireEvent.input(composer(), { target: { value: text } });
}

function press(init: KeyboardEventInit): KeyboardEvent {
  const event = createEvent.keyDown(composer(), init) as KeyboardEvent;
  fireEvent(composer(), event);
  return event;
}

function button(name: string): HTMLButtonElement | null {
  return screen.queryByRole<HTMLButtonElement>("button", { name });
}

describe("Enter", () => {
  test("sends, and leaves the composer empty and focused", () => {
    const { comm } = openChat(snapshot());
    type("hello");
    expect(press({ key: "Enter" }).defaultPrevented).toBe(true);
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "hello" }]);
    expect(composer().value).toBe("");
    expect(document.activeElement).toBe(composer());
  });

  test("with Shift breaks the line", () => {
    const { comm } = openChat(snapshot());
    type("hello");
    expect(press({ key: "Enter", shiftKey: true }).defaultPrevented).toBe(false);
    expect(comm.sentOf("user_message")).toEqual([]);
  });

  test.each([
    ["that an input method takes", { key: "Enter", isComposing: true }],
    ["of an older input method", { key: "Enter", keyCode: 229 }],
  ])("%s does not send", (_, init) => {
    const { comm } = openChat(snapshot());
    type("にほ");
    press(init);
    expect(comm.sentOf("user_message")).toEqual([]);
  });

  test("while a word is being composed does not send, and after it does", () => {
    const { comm } = openChat(snapshot());
    fireEvent(composer(), new CompositionEvent("compositionstart"));
    type("日本");
    press({ key: "Enter" });
    expect(comm.sentOf("user_message")).toEqual([]);
    fireEvent(composer(), new CompositionEvent("compositionend"));
    press({ key: "Enter" });
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "日本" }]);
  });
});

describe("the buttons", () => {
  test("Send waits for a text, sends it, and gives the focus back", () => {
    const { comm } = openChat(snapshot());
    expect(button("Send")?.disabled).toBe(true);
    type("hello");
    fireEvent.click(screen.getByRole("button", { name: "Send" }));
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "hello" }]);
    expect(document.activeElement).toBe(composer());
  });

  test("Stop stands for Send while a turn runs and nothing is written", () => {
    const { comm } = openChat(snapshot({ turns: [turn("t1", "running")] }));
    expect(button("Send")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Stop" }));
    expect(comm.sentOf("stop")).toEqual([{ type: "stop", turn: "t1" }]);
    expect(button("Stop")?.disabled).toBe(true);
  });

  test("Stop stays while the next message is written, which can be sent", () => {
    const { comm } = openChat(snapshot({ turns: [turn("t1", "running")] }));
    type("next");
    expect(button("Stop")).not.toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Send" }));
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "next" }]);
  });

  test("Send sends an answer while files are on their way: they wait for the next message", () => {
    const asked = turn("t1", "running", userMessage("t1", "hi"), message("m1", "Name?"), ask("q1"));
    const { store, comm, user } = openChat(snapshot({ turns: [asked] }));
    user(() => {
      store.draft.files.value = new Map([["f1", "a.txt"]]);
      store.draft.isUploading.value = true;
    });
    expect(button("Send")?.disabled).toBe(true);
    type("Ada");
    expect(button("Send")?.disabled).toBe(false);
    fireEvent.click(screen.getByRole("button", { name: "Send" }));
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "Ada", answers: "q1", files: [] }]);
  });

  test("Stop goes when the turn is over", () => {
    const { receive } = openChat(snapshot({ turns: [turn("t1", "running")] }));
    receive(events(1, 1, { type: "turn", id: "t1", status: "done" }));
    expect(button("Stop")).toBeNull();
    expect(button("Send")).not.toBeNull();
  });
});

test("the arrow up recalls what was sent, in an empty composer only", () => {
  openChat(snapshot({ turns: [turn("t1", "done", userMessage("m1", "hello"))] }));
  expect(press({ key: "ArrowUp" }).defaultPrevented).toBe(true);
  expect(composer().value).toBe("hello");
  type("other");
  expect(press({ key: "ArrowUp" }).defaultPrevented).toBe(false);
  expect(composer().value).toBe("other");
});

test("the focus is not taken on load", () => {
  openChat(snapshot());
  expect(document.activeElement).toBe(document.body);
});

describe("nothing can be written", () => {
  test("when the conversation has ended", () => {
    openChat(
      snapshot({ info: info({ ended: true }), turns: [turn("t1", "done", userMessage("m1", "hello"))] }),
    );
    expect(composer().disabled).toBe(true);
    expect(screen.getByText(/This conversation has ended\./)).toBeTruthy();
    expect(screen.getByText("hello")).toBeTruthy();
    expect(button("New chat")).toBeNull();
  });

  test("when page and kernel do not understand each other", () => {
    const { receive } = openChat(snapshot());
    receive({ type: "incompatible", protocol: 2, message: "Reload the page." });
    expect(composer().disabled).toBe(true);
    expect(screen.getByRole("alert").textContent).toBe("Reload the page.");
  });
});
