import { cleanup, fireEvent, screen, within } from "@testing-library/preact";
import { options, type VNode } from "preact";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { StepItem } from "../../src/protocol.ts";
import { duration } from "../../src/steps/duration.ts";
import { events } from "../FakeComm.ts";
import { message, snapshot, step, turn, userMessage } from "../records.ts";
import { openChat } from "./openChat.tsx";

afterEach(cleanup);

const END = "2026-11-22T10:00:01.500Z";
const said = userMessage("t1", "go");

/** A chat with these steps in a turn that runs, once the part of the bundle that shows them is there. */
async function openSteps(...steps: readonly StepItem[]) {
  const chat = openChat(snapshot({ turns: [turn("t1", "running", said, ...steps)] }));
  await screen.findAllByText(/^(Using|Used) /);
  return chat;
}

function fold(title: string): HTMLDetailsElement {
  return screen.getByText(title).closest("details") as HTMLDetailsElement;
}

/** What a user does with Enter, Space or the mouse; jsdom toggles, and tells it later. */
async function toggle(details: HTMLDetailsElement): Promise<void> {
  details.open = !details.open;
  fireEvent(details, new Event("toggle"));
}

describe("a step", () => {
  test("says that it runs, then that it ran, and for how long", async () => {
    const { receive } = await openSteps(step("search", { content: "half" }));
    expect(fold("Using search…").className).toBe("step running");
    receive(events(1, 1, { type: "step", id: "search", ended_at: END }));
    expect(fold("Used search").querySelector("summary")?.textContent).toBe("Used search1.5 s");
    expect(fold("Used search").className).toBe("step");
  });

  test("is a fold only when there is something in it", async () => {
    const { receive } = await openSteps(step("search", { ended_at: END }));
    expect(screen.getByText("Used search").closest("details")).toBeNull();
    receive(events(1, 1, { type: "item", turn: "t1", item: step("inner", { parent_id: "search" }) }));
    expect(fold("Used search").open).toBe(false);
  });

  test("shows what went in and what came out once it is opened", async () => {
    await openSteps(
      step("search", { input: '{"q": 1}', input_language: "json", content: "**found**", ended_at: END }),
    );
    expect(screen.queryByText("found")).toBeNull();
    await toggle(fold("Used search"));
    expect(within(screen.getByRole("region", { name: "Input" })).getByText('{"q": 1}')).toBeTruthy();
    expect(screen.getByText("found").tagName).toBe("STRONG");
    await toggle(fold("Used search"));
    expect(screen.queryByText("found")).toBeNull();
  });

  test("that failed says so, and what was raised", async () => {
    await openSteps(
      step("search", { content: "no __init__", language: "text", is_error: true, ended_at: END }),
    );
    expect(fold("Used search").querySelector("summary")?.textContent).toBe("Used searchfailed1.5 s");
    await toggle(fold("Used search"));
    expect(screen.getByRole("region", { name: "Error" }).textContent).toContain("no __init__");
  });

  test("can be open from the beginning, and close when it ends", async () => {
    const open = { content: "x", default_open: true };
    const { receive } = await openSteps(step("stays", open), step("goes", { ...open, auto_collapse: true }));
    expect([fold("Using stays…").open, fold("Using goes…").open]).toEqual([true, true]);
    receive(
      events(1, 1, { type: "step", id: "stays", ended_at: END }, { type: "step", id: "goes", ended_at: END }),
    );
    expect([fold("Used stays").open, fold("Used goes").open]).toEqual([true, false]);
    await toggle(fold("Used goes"));
    receive(events(1, 3, { type: "step", id: "goes", content: "y" }));
    expect(fold("Used goes").open).toBe(true);
  });

  test("that closes by itself gives the focus to its title", async () => {
    const inner = step("inner", { content: "x", parent_id: "outer" });
    const { receive } = await openSteps(step("outer", { default_open: true, auto_collapse: true }), inner);
    fold("Using inner…").querySelector("summary")?.focus();
    receive(events(1, 1, { type: "step", id: "outer", ended_at: END }));
    expect(document.activeElement).toBe(fold("Used outer").querySelector("summary"));
  });

  test("that is over is closed when a page comes later", async () => {
    await openSteps(step("search", { content: "x", default_open: true, auto_collapse: true, ended_at: END }));
    expect(fold("Used search").open).toBe(false);
  });

  test("grows on both sides, and takes another text", async () => {
    const { receive } = await openSteps(step("call", { default_open: true, streaming: true, content: "a" }));
    const text = (label: string) =>
      screen.getByRole("region", { name: label }).querySelector(".ac-markdown")?.textContent;
    receive(
      events(
        1,
        1,
        { type: "token", id: "call", text: "in", is_input: true },
        { type: "token", id: "call", text: "b" },
      ),
    );
    receive(events(1, 3, { type: "token", id: "call", text: "put", is_input: true }));
    await vi.waitFor(() => expect([text("Input"), text("Output")]).toEqual(["input", "ab"]));
    receive(events(1, 4, { type: "step", id: "call", input: "other", content: "text", streaming: false }));
    await vi.waitFor(() => expect([text("Input"), text("Output")]).toEqual(["other", "text"]));
  });

  test("keeps what was opened in it while it is closed", async () => {
    await openSteps(step("outer"), step("inner", { content: "deep", parent_id: "outer" }));
    await toggle(fold("Using outer…"));
    await toggle(fold("Using inner…"));
    await toggle(fold("Using outer…"));
    await toggle(fold("Using outer…"));
    expect(fold("Using inner…").open).toBe(true);
  });
});

test("dots say that the answer is still to come after a step", async () => {
  const { receive } = await openSteps(step("search", { ended_at: END }));
  expect(document.querySelector(".dots")).not.toBeNull();
  receive(events(1, 1, { type: "item", turn: "t1", item: message("m1", "It is sunny.") }));
  expect(document.querySelector(".dots")).toBeNull();
});

test.each([
  ["globe", "svg"],
  ["🔥", "🔥"],
  ["no such icon", "svg"],
  ["constructor", "svg"],
])("the icon %s is shown as %s", async (icon, shown) => {
  await openSteps(step("search", { icon }));
  const picture = document.querySelector(".step-title > .icon");
  expect([picture?.tagName, picture?.textContent]).toContain(shown);
});

test("a step that streams renders itself again, and nothing else", async () => {
  const open = { default_open: true, content: "x" };
  const { receive } = await openSteps(
    step("other", open),
    step("outer", open),
    step("grows", { ...open, streaming: true, parent_id: "outer" }),
    step("below", { ...open, parent_id: "grows" }),
    step("beside", { ...open, parent_id: "outer" }),
  );
  const rendered = namesOfRendered(() => receive(events(1, 1, { type: "token", id: "grows", text: "y" })));
  expect(rendered).toEqual(["grows"]);
});

/** The titles of the steps that were rendered meanwhile. */
function namesOfRendered(action: () => void): string[] {
  const before = options.diffed;
  const names: string[] = [];
  options.diffed = (vnode: VNode<{ step?: StepItem }>) => {
    if (typeof vnode.type === "function" && vnode.type.name === "Title" && vnode.props.step)
      names.push(vnode.props.step.name);
    before?.(vnode);
  };
  action();
  if (before) options.diffed = before;
  return names;
}

test.each([
  [null, "2026-11-22T10:00:00Z", ""],
  ["2026-11-22T10:00:00Z", null, ""],
  ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.040Z", ""],
  ["2026-11-22T10:00:00.000000Z", "2026-11-22T10:00:00.260001Z", "0.3 s"],
  ["2026-11-22T10:00:00Z", "2026-11-22T10:00:09.960Z", "10 s"],
  ["2026-11-22T10:00:00Z", "2026-11-22T10:00:59.700Z", "1 min"],
  ["2026-11-22T10:00:00Z", "2026-11-22T10:01:05Z", "1 min 5 s"],
  ["2026-11-22T10:00:00Z", "2026-11-22T12:03:05Z", "2 h 3 min"],
  ["2026-11-22T10:00:00Z", "2026-11-22T09:00:00Z", ""],
  ["yesterday", "today", ""],
])("from %s to %s it takes %s", (start, end, expected) => {
  expect(duration(start, end)).toBe(expected);
});
