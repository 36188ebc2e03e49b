import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import type { ElementItem } from "../../src/protocol.ts";
import { events } from "../FakeComm.ts";
import { element, message, snapshot, turn, userMessage } from "../records.ts";
import { openChat } from "../view/openChat.tsx";

afterEach(cleanup);

function chatWith(content: string, ...elements: ElementItem[]) {
  const items = elements.map((each) => ({ ...each, for_id: "m2" }));
  return openChat(
    snapshot({
      seq: 1,
      turns: [turn("t1", "done", userMessage("t1", "go"), message("m2", content), ...items)],
    }),
  );
}

const note = (id: string, fields: Partial<ElementItem> = {}) =>
  element(id, { name: id, content: `words of ${id}`, display: "side", ...fields });

const panel = () => screen.queryByRole("complementary");

test("a name in the text of its message opens the element beside the conversation, and Escape closes it", async () => {
  chatWith("As **note_1** says, and `note_1`, and [note_1](https://x.example).", note("note_1"));
  const [link] = (await screen.findAllByRole("button", { name: "note_1" })) as [HTMLElement];
  expect(link.closest("strong")).not.toBeNull();
  expect(screen.getAllByText("note_1")).toHaveLength(4); // bold, code, link, and what opens it below
  expect(panel()).toBeNull();
  link.focus();
  fireEvent.click(link);
  const opened = panel() as HTMLElement;
  expect(within(opened).getByText("words of note_1")).toBeTruthy();
  const close = within(opened).getByRole("button", { name: "Close" });
  expect(document.activeElement).toBe(close);
  fireEvent.keyDown(close, { key: "Escape" });
  expect(panel()).toBeNull();
  expect(document.activeElement).toBe(link);
});

test("the elements of one message stand beside it together", async () => {
  chatWith("Look.", note("a"), note("b"), note("c", { display: "inline" }));
  fireEvent.click(await screen.findByRole("button", { name: "b" }));
  expect(
    within(panel() as HTMLElement)
      .getAllByRole("heading", { level: 3 })
      .map((each) => each.textContent),
  ).toEqual(["a", "b"]);
  expect(screen.getByRole("button", { name: "b" }).getAttribute("aria-expanded")).toBe("true");
});

test("a page stands in the place of the conversation", async () => {
  chatWith("Look.", note("paper", { display: "page" }));
  fireEvent.click(await screen.findByRole("button", { name: "paper" }));
  expect(panel()?.className).toContain("page");
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(panel()).toBeNull();
});

test("what comes with an answer opens by itself, and takes no focus; what was there before does not", async () => {
  const { receive } = chatWith("Look.", note("old"));
  await screen.findByRole("button", { name: "old" });
  expect(panel()).toBeNull();
  const composer = screen.getByRole("textbox");
  composer.focus();
  receive(
    events(
      1,
      2,
      { type: "turn", id: "t2", status: "running" },
      { type: "item", turn: "t2", item: message("m3", "New.") },
      { type: "item", turn: "t2", item: { ...note("new"), for_id: "m3" } },
    ),
  );
  expect(within(panel() as HTMLElement).getByText("words of new")).toBeTruthy();
  expect(document.activeElement).toBe(composer);
  receive(events(1, 5, { type: "item_removed", id: "new" }));
  expect(panel()).toBeNull();
});

test("of several that come with one answer the first is the one that is opened, until another answer has some", async () => {
  const { receive } = chatWith("Look.", note("old"));
  await screen.findByRole("button", { name: "old" });
  const isOpen = () => screen.getByRole("button", { expanded: true, name: /^(?!State)/ }).textContent;
  const of = (m: string, id: string) =>
    ({ type: "item", turn: "t2", item: { ...note(id), for_id: m } }) as const;
  const said = (m: string) => ({ type: "item", turn: "t2", item: message(m, "New.") }) as const;
  receive(events(1, 2, { type: "turn", id: "t2", status: "running" }, said("m3"), of("m3", "a")));
  receive(events(1, 5, of("m3", "b")));
  expect(isOpen()).toBe("a");
  receive(events(1, 6, said("m4"), of("m4", "c")));
  expect(isOpen()).toBe("c");
});

test("a message is read again for names when its elements come, and growing text has links, too", async () => {
  const { receive } = chatWith("As note_1 says.");
  const add = (id: string) => ({ type: "item", turn: "t1", item: { ...note(id), for_id: "m2" } }) as const;
  receive(events(1, 2, add("note_1")));
  await screen.findByRole("button", { name: "note_1", expanded: false });
  expect(screen.getAllByRole("button", { name: "note_1" })).toHaveLength(2);
  receive(
    events(
      1,
      3,
      { type: "patch", id: "m2", streaming: true },
      { type: "token", id: "m2", text: " And note_2." },
    ),
  );
  receive(events(1, 5, add("note_2")));
  await waitFor(() => expect(screen.getAllByRole("button", { name: "note_2" })).toHaveLength(2));
});

test("a name can do nothing but open its element", async () => {
  const name = "<img src=x onerror=alert(1)>";
  chatWith(`See \\${name}.`, note("x", { name }));
  const buttons = await screen.findAllByRole("button", { name });
  expect(buttons.length).toBeGreaterThan(0);
  expect(document.querySelector("img")).toBeNull();
});

// ── Sidebar ────────────────────────────────────────────────────────────────────────────────────────

const sidebar = (id: string, ...elements: ElementItem[]) =>
  ({ type: "sidebar", title: "Notes", elements, key: null, id }) as const;

test("the kernel opens a sidebar; the reader closes it for good, until it opens another", async () => {
  const { comm, receive } = chatWith("Look.");
  receive(events(1, 2, sidebar("s1", note("a"), note("b"))));
  await waitFor(() => expect(panel()).not.toBeNull());
  expect(screen.getByRole("heading", { level: 2, name: "Notes" })).toBeTruthy();
  receive(events(1, 3, sidebar("s1", note("a", { content: "other words" }))));
  expect(screen.getByText("other words")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(panel()).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole("textbox"));
  expect(comm.sentOf("close_sidebar")).toEqual([{ type: "close_sidebar", epoch: 1, id: "s1" }]);
  receive(events(1, 4, sidebar("s2", note("a"))));
  expect(panel()).not.toBeNull();
  receive(events(1, 5, { ...sidebar(""), elements: [] }));
  expect(panel()).toBeNull();
});

test("what the kernel opens is shown in place of what was opened before, and what comes by itself is not", async () => {
  const { receive } = chatWith("Look.", note("a"));
  fireEvent.click(await screen.findByRole("button", { name: "a" }));
  receive(events(1, 2, sidebar("s1", note("b"))));
  expect(screen.getByText("words of b")).toBeTruthy();
  expect(screen.queryByText("words of a")).toBeNull();
  receive(
    events(
      1,
      3,
      { type: "turn", id: "t2", status: "running" },
      { type: "item", turn: "t2", item: message("m3", "New.") },
      { type: "item", turn: "t2", item: { ...note("c"), for_id: "m3" } },
    ),
  );
  expect(screen.getByText("words of b")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "a" }));
  expect(screen.getByText("words of a")).toBeTruthy();
});

test("a canvas has no title", async () => {
  const { receive } = chatWith("Look.");
  receive(events(1, 2, { ...sidebar("s1", note("a")), title: "canvas" }));
  await waitFor(() => expect(panel()?.className).toContain("canvas"));
  expect(screen.queryByText("canvas")).toBeNull();
});

// ── Tasks ──────────────────────────────────────────────────────────────────────────────────────────

test("a list of tasks says how far it is, and leads to messages", async () => {
  const content = JSON.stringify({
    status: "Running…",
    tasks: [
      { title: "Think", status: "done", forId: "m2" },
      { title: "Speak", status: "running", forId: null },
    ],
  });
  chatWith("Look.", element("e", { type: "tasklist", name: "tasklist", content }));
  expect((await screen.findByText("Running…")).parentElement?.textContent).toBe("Running…1 of 2 done");
  expect(screen.getAllByRole("listitem").map((each) => each.textContent)).toEqual([
    "✓done: Think",
    "◐running: Speak",
  ]);
  const article = screen.getByRole("article", { name: "Assistant" });
  article.scrollIntoView = () => {};
  fireEvent.click(screen.getByRole("button", { name: "Think" }));
  expect(document.activeElement).toBe(article);
});

test.each([
  "",
  "null",
  "{}",
  '{"status":"x","tasks":[{"title":1}]}',
  '{"status":"x","tasks":[{"title":"a","status":"b","forId":null}]}',
])("%j is no list of tasks", async (content) => {
  chatWith("Look.", element("e", { type: "tasklist", content }));
  await screen.findByText(/does not give/);
  expect(screen.queryByRole("list")).toBeNull();
});
