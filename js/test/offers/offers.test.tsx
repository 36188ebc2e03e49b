import { cleanup, fireEvent, screen, within } from "@testing-library/preact";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Field, ModeOffer, Offers, StarterOffer } from "../../src/protocol.ts";
import { events } from "../FakeComm.ts";
import { message, offers, snapshot, turn, userMessage } from "../records.ts";
import { conversation, openChat } from "../view/openChat.tsx";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const starter = (label: string, fields: Partial<StarterOffer> = {}): StarterOffer => ({
  label,
  message: `${label}!`,
  command: null,
  icon: null,
  ...fields,
});
const command = (id: string, fields: Partial<Offers["commands"][0]> = {}) => ({
  id,
  description: "",
  icon: null,
  button: false,
  persistent: false,
  selected: false,
  ...fields,
});
const field = (id: string, type: Field["type"], fields: Partial<Field> = {}): Field => ({
  id,
  type,
  label: id,
  value: null,
  initial: null,
  tooltip: null,
  description: null,
  disabled: false,
  placeholder: null,
  multiline: false,
  items: [],
  min: null,
  max: null,
  step: null,
  min_date: null,
  max_date: null,
  mode: null,
  inputs: [],
  ...fields,
});
const choices = (...values: string[]) => values.map((value) => ({ label: value.toUpperCase(), value }));
const MODEL: ModeOffer = {
  id: "model",
  name: "Model",
  options: ["s", "l"].map((id) => ({ id, name: id.toUpperCase(), description: null, icon: null })),
  default: "l",
};
const PROFILES = ["fast", "slow"].map((name) => ({
  name,
  label: `Very ${name}`,
  description: "",
  icon: null,
}));
const SAID = [turn("t1", "done", userMessage("t1", "hi"), message("m1", "hello"))];

const open = (fields: Partial<Offers>, turns = [turn("t0", "done")]) =>
  openChat(snapshot({ offers: offers(fields), turns }));

/** The composer, which is a combobox while the list of commands is open. */
const composer = () => screen.getByLabelText<HTMLTextAreaElement>("Message");

function press(key: string, init: KeyboardEventInit = {}): void {
  fireEvent.keyDown(composer(), { key, ...init });
}

function type(text: string): void {
  composer().focus();
  fireEvent.input(composer(), { target: { value: text } });
}

describe("starters", () => {
  test("are sent with one click, with their command, and are gone then", async () => {
    const group = { label: "Start here", icon: "star", starters: [starter("Draw", { command: "Draw" })] };
    const { comm, user } = open({ starters: [group, { label: "Nothing", icon: null, starters: [] }] });
    const card = await screen.findByRole("button", { name: "Draw" });
    expect(screen.getAllByRole("heading", { level: 3 }).map((each) => each.textContent)).toEqual([
      "Start here",
    ]);
    card.focus();
    user(() => card.click());
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "Draw!", command: "Draw", modes: {} }]);
    expect(screen.queryByRole("button", { name: "Draw" })).toBeNull();
    expect(document.activeElement).toBe(composer());
  });

  test("stay below a welcome, and go with the first word of the user", async () => {
    const welcome = [turn("t0", "done", message("m0", "Welcome"))];
    const { receive } = open({ starters: [{ label: null, icon: null, starters: [starter("Go")] }] }, welcome);
    await screen.findByRole("button", { name: "Go" });
    expect(conversation()).toEqual(["Welcome"]);
    receive(events(1, 1, { type: "turn", id: "t1", status: "running" }));
    receive(events(1, 2, { type: "item", turn: "t1", item: userMessage("t1", "hi") }));
    expect(screen.queryByRole("button", { name: "Go" })).toBeNull();
  });

  test("are text, whatever they say", async () => {
    const evil = "<img src=x onerror=alert(1)>";
    open({ starters: [{ label: evil, icon: evil, starters: [starter(evil, { icon: evil })] }] });
    await screen.findByRole("button", { name: evil });
    expect(document.querySelector("img")).toBeNull();
  });
});

test("a chat that is offered nothing fetches nothing", async () => {
  const { store } = open({});
  expect(store.hasOffers.value).toBe(false);
  expect(store.chunks.peek("offers")).toBeUndefined();
});

describe("profiles", () => {
  const picker = () => screen.findByRole<HTMLSelectElement>("combobox", { name: "Profile" });

  test("begin anew at once while nothing was said", async () => {
    const { comm, user } = open({ profiles: PROFILES, profile: "fast" });
    const select = await picker();
    expect(select.value).toBe("fast");
    user(() => fireEvent.change(select, { target: { value: "slow" } }));
    expect(comm.sentOf("restart")).toEqual([{ type: "restart", epoch: 1, profile: "slow" }]);
    expect(select.value).toBe("slow");
  });

  test("ask before a conversation ends, and Escape keeps it", async () => {
    const { comm, user } = open({ profiles: PROFILES, profile: "fast" }, SAID);
    const select = await picker();
    user(() => fireEvent.change(select, { target: { value: "slow" } }));
    expect(comm.sentOf("restart")).toEqual([]);
    user(() => fireEvent.keyDown(select, { key: "Escape" }));
    expect([select.value, screen.queryByRole("button", { name: "Start over?" })]).toEqual(["fast", null]);
    user(() => fireEvent.change(select, { target: { value: "slow" } }));
    user(() => screen.getByRole("button", { name: "Start over?" }).click());
    expect(comm.sentOf("restart")).toEqual([{ type: "restart", epoch: 1, profile: "slow" }]);
  });
});

describe("commands", () => {
  const COMMANDS = [
    command("Search", { persistent: true }),
    command("Draw", { button: true }),
    command("Redraw"),
  ];
  const names = () => screen.queryAllByRole("option").map((option) => option.textContent);
  const chosen = () => screen.getByRole("option", { selected: true }).textContent;
  const ready = () => screen.findByRole("button", { name: "Commands" });

  test("are found by what follows the slash, and picked with Enter", async () => {
    const { store, comm } = open({ commands: COMMANDS });
    await ready();
    type("/");
    expect(names()).toEqual(["Search", "Draw", "Redraw"]);
    expect(composer().getAttribute("role")).toBe("combobox");
    type("/dra");
    expect([names(), chosen()]).toEqual([["Draw", "Redraw"], "Draw"]);
    press("ArrowDown");
    expect(chosen()).toBe("Redraw");
    const active = composer().getAttribute("aria-activedescendant") ?? "";
    expect(document.getElementById(active)?.textContent).toBe("Redraw");
    press("ArrowDown");
    press("Enter");
    expect([store.draft.command.value, composer().value, names()]).toEqual(["Draw", "", []]);
    expect(composer().getAttribute("role")).toBeNull();
    type("a cat");
    press("Enter");
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "a cat", command: "Draw" }]);
    expect(store.draft.command.value).toBeNull();
  });

  test("that are left with Escape stay away until something else is written", async () => {
    const { comm } = open({ commands: COMMANDS });
    await ready();
    type("/");
    press("Escape");
    expect(names()).toEqual([]);
    press("Enter");
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "/", command: null }]);
    type("/s");
    expect(names()).toEqual(["Search"]);
  });

  test("take no key while an input method composes, and none with a text before the slash", async () => {
    const { store } = open({ commands: COMMANDS });
    await ready();
    type("1/2");
    expect(names()).toEqual([]);
    type("/");
    press("Enter", { isComposing: true });
    expect(store.draft.command.value).toBeNull();
  });

  test("stay if they are persistent, are taken away with Backspace, and can go alone", async () => {
    const { store, comm, user } = open({ commands: COMMANDS });
    const button = await ready();
    user(() => button.click());
    expect(names()).toEqual(["Search", "Draw", "Redraw"]);
    user(() => screen.getByRole("option", { name: "Search" }).click());
    type("cats");
    press("Enter");
    expect(store.draft.command.value).toBe("Search");
    press("Backspace");
    expect(store.draft.command.value).toBeNull();
    user(() => screen.getByRole("button", { name: "Draw" }).click());
    expect(screen.getByRole("button", { name: "Draw" }).getAttribute("aria-pressed")).toBe("true");
    user(() => screen.getByRole("button", { name: "Send" }).click());
    expect(comm.sentOf("user_message").map((sent) => [sent.content, sent.command])).toEqual([
      ["cats", "Search"],
      ["", "Draw"],
    ]);
  });

  test("that are refused come back with their text", async () => {
    const { store, comm, receive } = open({ commands: COMMANDS });
    await ready();
    store.draft.command.value = "Draw";
    type("a cat");
    press("Enter");
    const turn = comm.sentOf("user_message")[0]?.turn ?? "";
    receive({ type: "refused", message: "There is no command 'Draw' here.", turn });
    expect([composer().value, store.draft.command.value]).toEqual(["a cat", "Draw"]);
  });

  test("are picked at first if they say so, and dropped when they are offered no more", async () => {
    const { store, receive } = open({ commands: [command("Search", { selected: true })] });
    await ready();
    expect(store.draft.command.value).toBe("Search");
    receive(events(1, 1, offers({ commands: [command("Draw")] })));
    expect(store.draft.command.value).toBeNull();
  });

  test("are seen at the message, and kept when it is asked again", async () => {
    const said = { ...userMessage("t1", "a cat"), command: "Draw" };
    const { comm, user } = open({ commands: COMMANDS }, [turn("t1", "done", said)]);
    await ready();
    expect(within(screen.getByRole("article")).getByText("Draw")).toBeTruthy();
    user(() => screen.getByRole("button", { name: "Ask again" }).click());
    expect(comm.sentOf("user_message")).toMatchObject([
      { content: "a cat", command: "Draw", replaces: "t1" },
    ]);
  });
});

test("a mode goes with each message until it is changed or offered no more", async () => {
  const { store, comm, receive } = open({ modes: [MODEL] });
  const select = await screen.findByRole<HTMLSelectElement>("combobox", { name: "Model" });
  expect(select.value).toBe("l");
  fireEvent.change(select, { target: { value: "s" } });
  for (const text of ["a", "b"]) {
    type(text);
    press("Enter");
  }
  expect(comm.sentOf("user_message").map(({ modes }) => modes)).toEqual([{ model: "s" }, { model: "s" }]);
  receive(events(1, 1, offers({ modes: [{ ...MODEL, options: MODEL.options.slice(1) }] })));
  expect(store.draft.modes.value).toEqual({});
});

describe("toasts", () => {
  test("pass by, three at most, and can be sent away", async () => {
    const { store, receive, user } = open({});
    const toast = (text: string) => ({ type: "toast", message: text, kind: "warning" }) as const;
    receive(events(1, 1, ...["a", "b", "c", "d"].map(toast)));
    await screen.findByText("d");
    const shown = () => store.toasts.value.map((each) => each.message);
    expect(shown()).toEqual(["b", "c", "d"]);
    expect(screen.getByText("d").closest("[role=status]")).toBeTruthy();
    user(() => screen.getAllByRole("button", { name: "Dismiss" })[0]?.click());
    expect([shown(), document.activeElement]).toEqual([["c", "d"], composer()]);
    vi.useFakeTimers();
    receive(events(1, 5, toast("e")));
    user(() => vi.advanceTimersByTime(20_000));
    expect(shown()).not.toContain("e");
  });
});

describe("the settings form", () => {
  const FIELDS = [
    field("temperature", "slider", { value: 1, initial: 1, min: 0, max: 2, step: 0.5 }),
    field("model", "select", { value: "a", initial: "a", items: choices("a", "b") }),
    field("stream", "switch", { value: true, initial: true }),
    field("name", "textinput", { description: "What to call you" }),
    field("limit", "numberinput", { value: 3, initial: 3 }),
    field("tools", "multiselect", { value: ["a"], initial: ["a"], items: choices("a", "b") }),
    field("tone", "radio", { value: "a", initial: "a", items: choices("a", "b") }),
    field("stop", "tags", { value: ["END"], initial: [] }),
    field("day", "datepicker", { mode: "single" }),
    field("days", "datepicker", { mode: "range" }),
  ];
  const confirm = () => screen.getByRole("button", { name: "Confirm" });
  const form = () => screen.queryByRole("form", { name: "Settings" });
  const show = async (fields: Partial<Offers> = {}) => {
    const chat = open({ settings: FIELDS, ...fields });
    const button = await screen.findByRole("button", { name: "Settings" });
    chat.user(() => button.click());
    return { ...chat, button };
  };
  const sent = (chat: Awaited<ReturnType<typeof show>>) => chat.comm.sentOf("fill_form");

  test("opens with the focus in it, and Escape closes it and gives the focus back", async () => {
    const { user, button } = await show();
    expect(document.activeElement).toBe(screen.getByRole("slider", { name: "temperature" }));
    expect(screen.getByRole("textbox", { name: "name" }).getAttribute("aria-describedby")).toBeTruthy();
    user(() => fireEvent.keyDown(document.activeElement as Element, { key: "Escape" }));
    expect([form(), document.activeElement]).toEqual([null, button]);
  });

  test("is sent as a whole, and closes when the kernel has it", async () => {
    const chat = await show();
    const change = (label: string, value: string) =>
      fireEvent.input(screen.getByLabelText(label), { target: { value } });
    change("temperature", "1.5");
    fireEvent.change(screen.getByLabelText("model"), { target: { value: "b" } });
    chat.user(() => screen.getByRole("switch", { name: "stream" }).click());
    change("name", "Ada");
    change("limit", "");
    const tools = within(screen.getByRole("group", { name: "tools" }));
    chat.user(() => tools.getByRole("checkbox", { name: "B" }).click());
    chat.user(() => screen.getByRole("radio", { name: "B" }).click());
    change("stop", "HALT");
    fireEvent.keyDown(screen.getByLabelText("stop"), { key: "Enter" });
    chat.user(() => screen.getByRole("button", { name: "Remove END" }).click());
    change("day", "2026-11-22");
    change("From", "2026-11-22");
    change("To", "2026-11-23");
    chat.user(() => confirm().click());
    chat.user(() => confirm().click());
    expect(sent(chat)).toEqual([
      {
        type: "fill_form",
        epoch: 1,
        form: expect.any(String),
        confirmed: true,
        values: {
          temperature: 1.5,
          model: "b",
          stream: false,
          name: "Ada",
          limit: null,
          tools: ["a", "b"],
          tone: "b",
          stop: ["HALT"],
          day: "2026-11-22",
          days: ["2026-11-22", "2026-11-23"],
        },
      },
    ]);
    chat.receive(events(1, 1, offers({ settings: FIELDS, taken: sent(chat)[0]?.form ?? "" })));
    expect([form(), document.activeElement]).toEqual([null, chat.button]);
  });

  test("waits for the other date of a range", async () => {
    const chat = await show();
    fireEvent.input(screen.getByLabelText("From"), { target: { value: "2026-11-22" } });
    chat.user(() => confirm().click());
    expect(sent(chat)).toEqual([]);
    fireEvent.input(screen.getByLabelText("From"), { target: { value: "" } });
    chat.user(() => confirm().click());
    expect(sent(chat)[0]?.values).toMatchObject({ days: null });
  });

  test("shows what the kernel changes, and keeps what the user changed besides", async () => {
    const { receive } = await show();
    fireEvent.input(screen.getByLabelText("name"), { target: { value: "Ada" } });
    fireEvent.input(screen.getByLabelText("temperature"), { target: { value: "2" } });
    const moved = FIELDS.map((each) => (each.id === "temperature" ? { ...each, value: 0.5 } : each));
    receive(events(1, 1, offers({ settings: moved })));
    expect(screen.getByLabelText<HTMLInputElement>("temperature").value).toBe("0.5");
    expect(screen.getByLabelText<HTMLInputElement>("name").value).toBe("Ada");
  });

  test("Cancel leaves all as it was, Reset puts in what was there at first", async () => {
    const chat = await show();
    const name = () => screen.getByLabelText<HTMLInputElement>("name").value;
    fireEvent.input(screen.getByLabelText("name"), { target: { value: "Ada" } });
    chat.user(() => screen.getByRole("button", { name: "Cancel" }).click());
    expect(form()).toBeNull();
    chat.user(() => chat.button.click());
    expect(name()).toBe("");
    chat.user(() => screen.getByRole("button", { name: "Reset" }).click());
    chat.user(() => confirm().click());
    expect(sent(chat)[0]?.values).toMatchObject({ temperature: 1, stop: [] });
  });

  test("says what is refused, and keeps what was written", async () => {
    const chat = await show();
    fireEvent.input(screen.getByLabelText("name"), { target: { value: "Ada" } });
    chat.user(() => confirm().click());
    chat.receive({ type: "refused", message: "'name' takes something else.", turn: null });
    expect(screen.getByRole("alert").textContent).toContain("takes something else");
    expect(screen.getByLabelText<HTMLInputElement>("name").value).toBe("Ada");
    chat.user(() => confirm().click());
    expect(sent(chat)).toHaveLength(2);
  });

  test("tells of changes when the user pauses, where somebody listens", async () => {
    const quiet = await show();
    vi.useFakeTimers();
    fireEvent.input(screen.getByLabelText("name"), { target: { value: "A" } });
    quiet.user(() => vi.advanceTimersByTime(1000));
    expect(sent(quiet)).toEqual([]);
    quiet.receive(events(1, 1, offers({ settings: FIELDS, edits: true })));
    for (const value of ["Ad", "Ada"]) fireEvent.input(screen.getByLabelText("name"), { target: { value } });
    quiet.user(() => vi.advanceTimersByTime(1000));
    expect(sent(quiet)).toMatchObject([{ confirmed: false, values: { name: "Ada" } }]);
  });

  test("that another conversation brings is not open, even if the one before was", async () => {
    const chat = await show();
    chat.receive(snapshot({ epoch: 2 }));
    expect(screen.queryByRole("form", { name: "Settings" })).toBeNull();
    chat.receive(events(2, 1, offers({ settings: FIELDS })));
    expect(screen.getByRole("button", { name: "Settings" })).toBeTruthy();
    expect(screen.queryByRole("form", { name: "Settings" })).toBeNull();
  });

  test("is not told of again what it was told before it was confirmed", async () => {
    const chat = await show({ settings: FIELDS, edits: true });
    vi.useFakeTimers();
    fireEvent.input(screen.getByLabelText("name"), { target: { value: "Ada" } });
    chat.user(() => vi.advanceTimersByTime(500));
    chat.user(() => confirm().click());
    const [, confirmed] = sent(chat);
    expect(sent(chat).map((each) => each.confirmed)).toEqual([false, true]);
    const taken = confirmed?.form ?? "";
    chat.receive(events(1, 1, offers({ settings: FIELDS, edits: true, taken }))); // it took both, and says so once
    chat.user(() => vi.advanceTimersByTime(60_000));
    expect(sent(chat)).toHaveLength(2);
  });

  test("has its inputs in tabs, which the arrows reach", async () => {
    const tabs = [
      field("one", "tab", { inputs: FIELDS.slice(0, 1) }),
      field("two", "tab", { inputs: FIELDS.slice(3, 4) }),
    ];
    const chat = await show({ settings: tabs });
    expect(screen.queryByRole("textbox", { name: "name" })).toBeNull();
    fireEvent.keyDown(screen.getByRole("tab", { name: "one" }), { key: "ArrowRight" });
    expect(document.activeElement).toBe(screen.getByRole("tab", { name: "two", selected: true }));
    fireEvent.input(screen.getByRole("textbox", { name: "name" }), { target: { value: "Ada" } });
    chat.user(() => confirm().click());
    expect(sent(chat)[0]?.values).toEqual({ temperature: 1, name: "Ada" });
  });
});
