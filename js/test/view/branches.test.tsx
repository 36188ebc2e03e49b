import { cleanup, fireEvent, screen, within } from "@testing-library/preact";
import { afterEach, describe, expect, test } from "vitest";
import { NOTHING_BESIDE } from "../../src/outbox.ts";
import { events } from "../FakeComm.ts";
import { info, message, snapshot, turn, userMessage } from "../records.ts";
import { composer, conversation, openChat } from "./openChat.tsx";

afterEach(cleanup);

const TALK = [
  turn("t1", "done", userMessage("t1", "one"), message("m1", "first")),
  { ...turn("t2", "done", userMessage("t2", "two"), message("m2", "second")), siblings: ["t0", "t2", "t9"] },
];
const first = () => screen.getAllByRole("article", { name: "User" })[0] as HTMLElement;

describe("editing", () => {
  test("a message that is written again takes its place, and what came after it goes", async () => {
    const { comm, user } = openChat(snapshot({ turns: TALK }));
    fireEvent.click(within(first()).getByRole("button", { name: "Edit message" }));
    const box = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Edit message" });
    expect(box.value).toBe("one");
    fireEvent.input(box, { target: { value: "uno" } });
    user(() => fireEvent.keyDown(box, { key: "Enter" }));
    expect(conversation()).toEqual(["uno"]);
    expect(comm.sentOf("user_message")).toEqual([
      {
        type: "user_message",
        turn: expect.any(String),
        content: "uno",
        epoch: 1,
        replaces: "t1",
        answers: null,
        ...NOTHING_BESIDE,
        files: [],
      },
    ]);
  });

  test("Escape leaves it as it was", async () => {
    const { comm } = openChat(snapshot({ turns: TALK }));
    fireEvent.click(within(first()).getByRole("button", { name: "Edit message" }));
    const box = await screen.findByRole("textbox", { name: "Edit message" });
    fireEvent.input(box, { target: { value: "uno" } });
    fireEvent.keyDown(box, { key: "Escape" });
    expect(conversation()).toEqual(["one", "first", "two", "second"]);
    expect(comm.sent).toEqual([]);
  });

  test("its text returns to the composer when its place is gone", async () => {
    const { receive } = openChat(snapshot({ turns: TALK }));
    fireEvent.click(within(first()).getByRole("button", { name: "Edit message" }));
    fireEvent.input(await screen.findByRole("textbox", { name: "Edit message" }), {
      target: { value: "uno" },
    });
    receive(snapshot({ seq: 5 }));
    expect(composer().value).toBe("uno");
  });

  test("what the kernel refuses comes back", async () => {
    const { store, comm, receive, user } = openChat(snapshot({ turns: TALK }));
    user(() => store.askAgain("t1"));
    expect(conversation()).toEqual(["one"]);
    const [sent] = comm.sentOf("user_message");
    receive({ type: "refused", message: "Wait for it.", turn: sent?.turn ?? "" });
    expect(conversation()).toEqual(["one", "first", "two", "second"]);
    expect(composer().value).toBe("one");
  });
});

describe("branches", () => {
  test("arrows lead to the versions beside a message", () => {
    const { comm } = openChat(snapshot({ turns: TALK }));
    expect(screen.getByText("2/3")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Next version" }));
    expect(comm.sentOf("show_branch")).toEqual([{ type: "show_branch", epoch: 1, turn: "t9" }]);
  });

  test("while an answer is on its way the user is asked to wait", () => {
    const { comm, receive } = openChat(snapshot({ turns: TALK }));
    receive(events(1, 1, { type: "turn", id: "t3", status: "running" }));
    fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
    expect(screen.getByRole("alert").textContent).toContain("Wait for it, or stop it");
    expect(comm.sentOf("show_branch")).toEqual([]);
  });
});

test("a conversation that was left is offered until the user begins another", () => {
  const { store, comm, user } = openChat(snapshot({ info: info({ can_restore: true }) }));
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Continue the one before" });
  fireEvent.click(button);
  expect(comm.sentOf("restore")).toEqual([{ type: "restore", epoch: 1 }]);
  expect(button.disabled).toBe(true);
  user(() => {
    store.draft.text.value = "something new";
    store.sendDraft();
  });
  expect(screen.queryByRole("button", { name: "Continue the one before" })).toBeNull();
});
