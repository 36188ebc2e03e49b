import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Inspection } from "../../src/protocol.ts";
import { snapshot } from "../records.ts";
import { openChat } from "../view/openChat.tsx";
import { inspection, node, state } from "./pictures.ts";

afterEach(cleanup);

/** A chat whose inspector is open, and has been shown this. */
async function openPanel(picture: Inspection) {
  const chat = openChat(snapshot());
  fireEvent.click(screen.getByRole("button", { name: "State" }));
  const panel = await screen.findByRole("complementary", { name: "State of the session" });
  chat.receive(picture);
  return { ...chat, panel };
}

const row = (key: string) => document.querySelector<HTMLElement>(`[data-key="${key}"]`) as HTMLElement;
const words = (element: HTMLElement) => element.textContent ?? "";

describe("what is shown", () => {
  test("each key has its type, a summary, and when it last changed", async () => {
    const at = "2026-11-22T10:00:05.000Z";
    await openPanel(
      inspection(1, {
        state: state(
          node("count", { summary: "7", changed: { at, turn: 3, is_new: true } }),
          node("history", {
            type: "list",
            summary: "['a']",
            total: 1,
            changed: { at: null, turn: 0, is_new: false },
          }),
          node("api_key", { type: "str", summary: "•••", hidden: true }),
        ),
      }),
    );
    const time = new Date(at).toLocaleTimeString();
    expect(words(row("count"))).toBe(`Changed in the newest turn: countintturn 3 · ${time}7`);
    expect(words(row("history"))).toBe("historylist · 1start['a']");
    expect(within(row("api_key")).getByTitle("A secret: it stays in the kernel").textContent).toBe("•••");
    expect(row("count").className).toContain("new");
    expect(row("history").className).not.toContain("new");
  });

  test("keys of the session itself stand apart", async () => {
    const { panel } = await openPanel(inspection(1, { state: state(node("count")) }));
    const [ofState, ofSession] = panel.querySelectorAll(".inspector-body > .branch");
    expect(ofState?.textContent).toContain("count");
    expect(ofSession?.textContent).toBe("idint's'".replace("int", "str"));
  });

  test("an empty state says how something gets there, an ended one that it is gone", async () => {
    const { panel, receive } = await openPanel(inspection(1));
    expect(words(panel)).toContain("Nothing is kept yet");
    receive(inspection(2, { status: "ended" }));
    expect(words(panel)).toContain("Ended: what it kept is gone");
    expect(words(panel)).not.toContain("Nothing is kept yet");
  });

  test("newer pictures replace older ones, and older ones come too late", async () => {
    const { receive } = await openPanel(inspection(5, { state: state(node("count", { summary: "5" })) }));
    receive(inspection(6, { state: state(node("count", { summary: "6" })) }));
    receive(inspection(5, { state: state(node("count", { summary: "5" })) }));
    receive(inspection(9, { chat: 1, state: state(node("count", { summary: "9" })) }));
    expect(words(row("count"))).toContain("6");
  });
});

describe("parts", () => {
  const closed = node("list", { type: "list", summary: "[…]", total: 500 });

  test("are asked for when they are opened, and shown with a gap for what is left out", async () => {
    const { comm, receive } = await openPanel(inspection(1, { state: state(closed) }));
    comm.clear();
    const twist = screen.getByRole("button", { name: "Parts of list" });
    fireEvent.click(twist);
    expect(twist.getAttribute("aria-expanded")).toBe("true");
    expect(comm.sentOf("inspect").at(-1)).toMatchObject({
      seen: 1,
      opened: [
        { path: ["state"], most: 100 },
        { path: ["session"], most: 100 },
        { path: ["state", ".list"], most: 100 },
      ],
    });
    const [first, last] = [
      node("0", { step: "#0", summary: "'a'" }),
      node("499", { step: "#499", summary: "'z'" }),
    ];
    receive(inspection(2, { state: state({ ...closed, opened: true, first: [first], last: [last] }) }));
    expect(words(row("list"))).toBe("listlist · 5000int'a'498 more499int'z'");

    fireEvent.click(screen.getByRole("button", { name: "498 more" }));
    expect(comm.sentOf("inspect").at(-1)?.opened.at(-1)).toEqual({ path: ["state", ".list"], most: 300 });
    fireEvent.click(twist);
    expect(words(row("list"))).not.toContain("'a'");
    expect(comm.sentOf("inspect").at(-1)?.opened.length).toBe(2);
  });

  test("cannot be opened where there are none, or where no step leads to", async () => {
    await openPanel(inspection(1, { state: state(node("count"), node("•••", { step: "", total: 3 })) }));
    expect(screen.queryAllByRole("button", { name: /Parts of/ })).toEqual([]);
  });
});

describe("edits", () => {
  beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());

  const count = node("count", { summary: "1", editable: "int", text: "1" });
  const field = (name = "count") => screen.getByRole<HTMLTextAreaElement>("textbox", { name });

  test("are sent again and again until the kernel says what came of them", async () => {
    const { comm, receive } = await openPanel(inspection(1, { state: state(count) }));
    fireEvent.input(field(), { target: { value: "7" } });
    fireEvent.keyDown(field(), { key: "Enter" });
    act(() => void vi.advanceTimersByTime(6000));
    const sent = comm.sentOf("set_value");
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(sent[0]).toMatchObject({ chat: 0, session: "s", path: ["state", ".count"], text: "7" });
    expect(field().getAttribute("aria-busy")).toBe("true");

    const edited = [{ edit: sent[0]?.edit ?? "", error: null }];
    receive(inspection(2, { state: state({ ...count, summary: "7", text: "7" }), edited }));
    expect([field().value, field().getAttribute("aria-busy")]).toEqual(["7", "false"]);
    comm.clear();
    act(() => void vi.advanceTimersByTime(60_000));
    expect(comm.sentOf("set_value")).toEqual([]);
  });

  test("that are refused stay, with the reason, until they are written again or dropped", async () => {
    const { comm, receive } = await openPanel(inspection(1, { state: state(count) }));
    fireEvent.input(field(), { target: { value: "much" } });
    fireEvent.blur(field());
    const [sent] = comm.sentOf("set_value");
    receive(
      inspection(2, { state: state(count), edited: [{ edit: sent?.edit ?? "", error: "'much' is none" }] }),
    );
    expect(screen.getByRole("alert").textContent).toBe("'much' is none");
    expect([field().value, field().getAttribute("aria-invalid")]).toEqual(["much", "true"]);
    fireEvent.blur(field());
    expect(comm.sentOf("set_value").length).toBe(1);
    fireEvent.keyDown(field(), { key: "Escape" });
    expect([field().value, screen.queryByRole("alert")]).toEqual(["1", null]);
  });

  test("are not overwritten by changes that come meanwhile, and Escape shows those", async () => {
    const { comm, receive } = await openPanel(inspection(1, { state: state(count) }));
    fireEvent.input(field(), { target: { value: "12" } });
    receive(inspection(2, { state: state({ ...count, summary: "3", text: "3" }) }));
    expect(field().value).toBe("12");
    fireEvent.keyDown(field(), { key: "Escape" });
    expect(field().value).toBe("3");
    fireEvent.blur(field());
    expect(comm.sentOf("set_value")).toEqual([]);
  });

  test("switches are switched at once", async () => {
    const flag = node("flag", { type: "bool", summary: "False", editable: "bool", text: "False" });
    const { comm } = await openPanel(inspection(1, { state: state(flag) }));
    const box = screen.getByRole<HTMLInputElement>("checkbox", { name: "flag" });
    fireEvent.click(box);
    expect(comm.sentOf("set_value")[0]).toMatchObject({ path: ["state", ".flag"], text: "True" });
    expect(box.checked).toBe(true);
  });

  test("that nobody answers are given up with a word", async () => {
    await openPanel(inspection(1, { state: state(count) }));
    fireEvent.input(field(), { target: { value: "7" } });
    fireEvent.keyDown(field(), { key: "Enter" });
    act(() => void vi.advanceTimersByTime(300_000));
    expect(screen.getByRole("alert").textContent).toContain("did not answer");
    expect(field().value).toBe("7");
  });
});

describe("looking", () => {
  beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());

  test("is said again and again with what the page has, and ends with the panel", async () => {
    const { comm, receive, panel } = await openPanel(inspection(1));
    receive(inspection(4));
    comm.clear();
    act(() => void vi.advanceTimersByTime(60_000));
    const looks = comm.sentOf("inspect");
    expect(looks.length).toBeGreaterThan(4);
    expect(looks.length).toBeLessThan(12);
    expect(looks.at(-1)).toMatchObject({ page: "page", chat: 0, seen: 4 });

    fireEvent.click(within(panel).getByRole("button", { name: "Close state" }));
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "State" }));
    expect(comm.sentOf("stop_inspecting")).toEqual([{ type: "stop_inspecting", page: "page", chat: 0 }]);
    comm.clear();
    act(() => void vi.advanceTimersByTime(60_000));
    expect(comm.sent).toEqual([]);
  });

  test("a chat that nobody inspects asks for nothing", () => {
    const { comm } = openChat(snapshot());
    act(() => void vi.advanceTimersByTime(60_000));
    expect(comm.sent).toEqual([]);
  });
});

test("the board shows a column for each chat, and looks at each", async () => {
  const { openStore } = await import("../openStore.ts");
  const { Board } = await import("../../src/inspector/Board.tsx");
  const { store, comm } = openStore();
  render(<Board store={store} />);
  act(() => comm.receive(inspection(1, { chats: 2, user: "ada" })));
  act(() => comm.receive(inspection(1, { chat: 1, chats: 2, user: "bob", state: state(node("count")) })));
  expect(screen.getAllByRole("heading", { level: 3 }).map(words)).toEqual([
    "Assistant · ada",
    "Assistant · bob",
  ]);
  expect(words(screen.getByRole("region", { name: "Assistant · bob" }))).toContain("count");
  expect(new Set(comm.sentOf("inspect").map(({ chat }) => chat))).toEqual(new Set([0, 1]));
});
