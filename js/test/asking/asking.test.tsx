import { cleanup, fireEvent, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { click, isClicked } from "../../src/asking/clicks.ts";
import type { ActionItem, Event } from "../../src/protocol.ts";
import { events } from "../FakeComm.ts";
import { action, ask, info, message, snapshot, turn, userMessage } from "../records.ts";
import { composer, conversation, openChat } from "../view/openChat.tsx";

afterEach(cleanup);

const put = (item: Extract<Event, { type: "item" }>["item"]): Event => ({ type: "item", turn: "t1", item });

const asked = (...questions: string[]) =>
  snapshot({
    turns: [
      turn(
        "t1",
        "running",
        userMessage("t1", "hi"),
        ...questions.flatMap((content, index) => [
          message(`m${index}`, content),
          ask(`q${index}`, { content, for_id: `m${index}` }),
        ]),
      ),
    ],
  });

describe("buttons", () => {
  const withButtons = (...buttons: ActionItem[]) =>
    snapshot({ turns: [turn("t1", "done", userMessage("t1", "hi"), message("m1", "Which?"), ...buttons)] });
  const button = (name: string) => screen.findByRole<HTMLButtonElement>("button", { name });

  test("stand below their message, and a click names one of them", async () => {
    const buttons = [action("a1", { content: "This" }), action("a2", { content: "That" })];
    const { comm, user } = openChat(withButtons(...buttons));
    const that = await button("That");
    expect(within(screen.getAllByRole("article")[1] as HTMLElement).getByText("This")).toBeTruthy();
    user(() => that.click());
    expect(comm.sent).toEqual([{ type: "click", click: expect.any(String), action: "a2", epoch: 1 }]);
  });

  test("show that they were clicked, and take no other click until the kernel heard and the callback ended", async () => {
    const { comm, user, receive } = openChat(withButtons(action("a1", { content: "Go" })));
    const go = await button("Go");
    go.focus();
    user(() => go.click());
    user(() => go.click());
    const clicks = comm.sentOf("click");
    expect(clicks).toHaveLength(1);
    expect(go.getAttribute("aria-busy")).toBe("true");
    const clicked = clicks[0]?.click ?? "";
    receive(events(1, 1, put(action("a1", { content: "Go", running: true, clicked }))));
    user(() => go.click());
    expect([comm.sentOf("click").length, go.getAttribute("aria-busy")]).toEqual([1, "true"]);
    receive(events(1, 2, put(action("a1", { content: "Go", running: false, clicked }))));
    expect([go.getAttribute("aria-busy"), document.activeElement]).toEqual(["false", go]);
    user(() => go.click());
    expect(comm.sentOf("click")).toHaveLength(2);
  });

  test("show their icon alone, or their name where there is neither label nor icon", async () => {
    openChat(
      withButtons(
        action("a1", { name: "approve", icon: "check", tooltip: "Approve it" }),
        action("a2", { name: "reject", icon: "no-such-icon" }),
        action("a3", { name: "play", icon: "play" }),
      ),
    );
    const texts = [await button("Approve it"), await button("reject"), await button("play")];
    expect(texts.map((each) => [each.textContent, each.querySelector("svg") !== null])).toEqual([
      ["", true],
      ["reject", false],
      ["", true],
    ]);
  });

  test("take what an app writes on them as text", async () => {
    const nasty = "<img src=x onerror=alert(1)>";
    openChat(withButtons(action("a1", { content: nasty, tooltip: `"${nasty}` })));
    const shown = await button(nasty);
    expect([shown.title, shown.querySelector("img")]).toEqual([`"${nasty}`, null]);
  });

  test("rest when the conversation has ended", async () => {
    const { turns } = withButtons(action("a1", { content: "Go" }));
    openChat(snapshot({ turns, info: info({ ended: true }) }));
    expect((await button("Go")).disabled).toBe(true);
  });

  test("hand the focus on when they go away", async () => {
    const { receive } = openChat(withButtons(action("a1", { content: "Go" })));
    (await button("Go")).focus();
    receive(events(1, 1, { type: "item_removed", id: "a1" }));
    expect(document.activeElement).toBe(composer());
  });

  test("can be clicked again when the kernel refused", async () => {
    const { comm, user, receive } = openChat(withButtons(action("a1", { content: "Go" })));
    const go = await button("Go");
    user(() => go.click());
    receive({ type: "refused", message: "This button is not there any more.", turn: null });
    expect(screen.getByRole("alert").textContent).toBe("This button is not there any more.");
    user(() => go.click());
    expect(comm.sentOf("click")).toHaveLength(2);
  });

  test("that answer a question stand out", async () => {
    const { receive } = openChat(withButtons(action("a1", { content: "Yes" })));
    const yes = await button("Yes");
    expect(yes.classList.contains("answer")).toBe(false);
    receive(events(1, 1, put(ask("q1", { type: "action" }))));
    expect(yes.classList.contains("answer")).toBe(true);
  });
});

describe("questions", () => {
  const answering = async () => (await screen.findByText("Answering")).parentElement?.textContent;

  test("the composer's next line answers, and says so", async () => {
    const { comm, user } = openChat(asked("Your **name**?"));
    expect(await answering()).toBe("Answering Your name?");
    expect(screen.getByText("Waiting for your answer")).toBeTruthy();
    expect(composer().placeholder).toBe("Your answer");
    fireEvent.input(composer(), { target: { value: "Ada" } });
    user(() => fireEvent.keyDown(composer(), { key: "Enter" }));
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "Ada", answers: "q0", replaces: null }]);
    expect(screen.queryByText("Answering")).toBeNull();
    expect(composer().placeholder).toBe("Message Assistant");
    expect(conversation()).toEqual(["hi", "Your name?", "Ada"]);
  });

  test("an answer stays where it is until the kernel shows it, and then belongs to the turn that asked", async () => {
    const { store, comm, user, receive } = openChat(asked("Your name?"));
    user(() => {
      store.draft.text.value = "Ada";
      store.sendDraft();
    });
    const reply = comm.sentOf("user_message")[0]?.turn ?? "";
    receive(events(1, 1, put(userMessage(reply, "Ada")), { type: "item_removed", id: "q0" }));
    expect(conversation()).toEqual(["hi", "Your name?", "Ada"]);
    expect(store.outbox.value).toEqual([]);
    expect(screen.queryByRole("button", { name: "Edit message" })).toBeNull();
  });

  test("an answer that comes too late returns to the composer", async () => {
    const { store, comm, user, receive } = openChat(asked("Your name?"));
    user(() => {
      store.draft.text.value = "Ada";
      store.sendDraft();
    });
    receive(events(1, 1, { type: "item_removed", id: "q0" }));
    receive({ type: "refused", message: "Too late.", turn: comm.sentOf("user_message")[0]?.turn ?? "" });
    expect([composer().value, screen.getByRole("alert").textContent]).toEqual(["Ada", "Too late."]);
    user(() => store.sendDraft());
    expect(comm.sentOf("user_message").at(-1)?.answers).toBeNull();
  });

  test("of several the oldest is answered first, and another one can be picked", async () => {
    const { comm, store, user } = openChat(asked("A?", "B?", "C?"));
    expect(await answering()).toBe("Answering A?");
    expect(screen.getByText("1 of 3")).toBeTruthy();
    const [toB] = screen.getAllByRole("button", { name: "Answer this question" }) as [HTMLElement];
    user(() => toB.click());
    expect([await answering(), document.activeElement]).toEqual(["Answering B?", composer()]);
    user(() => {
      store.draft.text.value = "b";
      store.sendDraft();
    });
    expect(comm.sentOf("user_message").at(-1)?.answers).toBe("q1");
    expect(await answering()).toBe("Answering A?");
    user(() => screen.getByRole("button", { name: "Answer another question" }).click());
    expect([await answering(), screen.getByText("2 of 2")]).toEqual(["Answering C?", expect.anything()]);
  });

  test("a new question does not take the place of the one that is being answered", async () => {
    const { receive } = openChat(asked("A?"));
    expect(await answering()).toBe("Answering A?");
    receive(events(1, 1, put(message("m9", "Z?")), put(ask("q9", { content: "Z?", for_id: "m9" }))));
    expect(await answering()).toBe("Answering A?");
  });

  test("questions that no text answers leave the composer alone", () => {
    openChat(
      snapshot({
        turns: [
          turn(
            "t1",
            "running",
            message("m1", "Which?"),
            ask("q1", { type: "action" }),
            ask("q2", { type: "file" }),
          ),
        ],
      }),
    );
    expect(composer().placeholder).toBe("Message Assistant");
  });

  test("a question that no turn asks can be stopped, too", () => {
    const turns = [turn("t1", "done", message("m1", "Sure?"), ask("q1", { content: "Sure?" }))];
    const { comm, user, receive, store } = openChat(snapshot({ turns }));
    user(() => screen.getByRole("button", { name: "Stop" }).click());
    expect(comm.sentOf("stop")).toEqual([{ type: "stop", turn: "q1" }]);
    expect(store.isStopAsked("q1")).toBe(true);
    receive(events(1, 1, { type: "item_removed", id: "q1" }));
    expect([store.isStopAsked("q1"), screen.queryByRole("button", { name: "Stop" })]).toEqual([false, null]);
  });

  test("what is attached waits for the next message", () => {
    const { comm, store, user } = openChat(asked("Your name?"));
    const files = new Map([["f1", "plan.pdf"]]);
    user(() => {
      store.draft.files.value = files;
      store.draft.text.value = "Ada";
      store.sendDraft();
    });
    expect([comm.sentOf("user_message")[0]?.files, store.draft.files.value]).toEqual([[], files]);
  });

  test("a question is told to screen readers, and what is written on as HTML is text", async () => {
    openChat(asked("<b>Your name?</b>"));
    expect(screen.getByRole("status").textContent).toBe("Question: <b>Your name?</b>");
    expect(await answering()).toBe("Answering <b>Your name?</b>");
  });

  test("the assistant is seen at work again when it has its answer", () => {
    const { receive } = openChat(asked("Your name?"));
    expect(document.querySelector(".dots")).toBeNull();
    receive(events(1, 1, put(userMessage("r", "Ada")), { type: "item_removed", id: "q0" }));
    expect(document.querySelector(".dots")).not.toBeNull();
  });
});

describe("what is lost on the line", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("is sent again: a click, the very same one, until the kernel shows that it took it", async () => {
    const turns = [turn("t1", "done", message("m1", "Which?"), action("a1", { content: "Go" }))];
    const { store, comm, receive, user, wait } = openChat(snapshot({ turns }), (ms) =>
      vi.advanceTimersByTime(ms),
    );
    user(() => click(store, "a1"));
    wait(10_000);
    const clicks = comm.sentOf("click");
    expect(clicks.length).toBeGreaterThan(2);
    expect(new Set(clicks.map(({ click }) => click)).size).toBe(1);
    receive(events(1, 1, put(action("a1", { clicked: "another page's" }))));
    expect(isClicked(store, "a1")).toBe(true);
    receive(events(1, 2, put(action("a1", { clicked: clicks[0]?.click ?? "" }))));
    comm.clear();
    wait(60_000);
    expect([isClicked(store, "a1"), comm.sentOf("click")]).toEqual([false, []]);
  });

  test("is sent again: an answer, until the kernel shows it", () => {
    const { store, comm, receive, user, wait } = openChat(asked("Your name?"), (ms) =>
      vi.advanceTimersByTime(ms),
    );
    user(() => {
      store.draft.text.value = "Ada";
      store.sendDraft();
    });
    wait(10_000);
    const sent = comm.sentOf("user_message");
    expect(sent.length).toBeGreaterThan(2);
    expect(new Set(sent.map(({ turn, answers }) => `${turn} ${answers}`)).size).toBe(1);
    receive(events(1, 1, put(userMessage(sent[0]?.turn ?? "", "Ada")), { type: "item_removed", id: "q0" }));
    comm.clear();
    wait(60_000);
    expect([store.outbox.value, comm.sentOf("user_message")]).toEqual([[], []]);
  });
});
