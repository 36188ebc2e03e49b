import { cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ComponentApi } from "../../src/elements/componentApi.ts";
import type { AskItem, ElementItem, Event, Snapshot } from "../../src/protocol.ts";
import { events } from "../FakeComm.ts";
import { ask, element, message, snapshot, turn, userMessage } from "../records.ts";
import { type OpenChat, openChat } from "../view/openChat.tsx";

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

interface Chat extends OpenChat {
  readonly api: ComponentApi;
  /** The kernel shows the element otherwise. */
  readonly show: (fields: Partial<ElementItem>) => void;
}

const counter = (fields: Partial<ElementItem> = {}): ElementItem =>
  element("e", {
    type: "custom",
    name: "Counter",
    content: '{"count":1,"word":"a"}',
    code: "code",
    for_id: "m2",
    ...fields,
  });

function picture(...items: Snapshot["turns"][number]["items"]): Snapshot {
  return snapshot({
    seq: 1,
    turns: [turn("t1", "done", userMessage("t1", "go"), message("m2", "Look."), ...items)],
  });
}

/** A chat with one element, drawn by `module`. */
async function open(module: object, ...others: AskItem[]): Promise<Chat> {
  const chat = openChat(picture(counter(), ...others), (ms) => vi.advanceTimersByTime(ms));
  chat.store.assets.module = async () => module;
  let seq = 1;
  const put = (...list: Event[]) => {
    chat.receive(events(1, seq + 1, ...list));
    seq += list.length;
  };
  await waitFor(() => expect(apis.length).toBeGreaterThan(0));
  return {
    ...chat,
    api: apis[0] as ComponentApi,
    show: (fields) => put({ type: "item", turn: "t1", item: counter(fields) }),
  };
}

let apis: ComponentApi[] = [];

beforeEach(() => {
  apis = [];
});

/** A module like a user's: it says the count on a button, and counts with it. */
const COUNTER = {
  default(api: ComponentApi) {
    apis.push(api);
    const { el, props, update, onChange } = api;
    const button = document.createElement("button");
    button.onclick = () => update({ count: Number(props.count) + 1 });
    const show = () => {
      button.textContent = `Count: ${props.count}`;
    };
    onChange(show);
    show();
    el.append(button);
    return () => button.remove();
  },
};

const drawn = () =>
  [...document.querySelectorAll(".element-component")].map((each) => each.shadowRoot?.textContent);

const press = () => {
  const root = document.querySelector(".element-component")?.shadowRoot;
  fireEvent.click(root?.querySelector("button") as HTMLElement);
};

test("a module draws into a shadow root of its own, with the props of the moment", async () => {
  const { show } = await open(COUNTER);
  expect(drawn()).toEqual(["Count: 1"]);
  show({ content: '{"count":5}' });
  expect(drawn()).toEqual(["Count: 5"]);
});

test("a change is shown at once, sent, and counted by the kernel", async () => {
  const { comm, show } = await open(COUNTER);
  press();
  expect(drawn()).toEqual(["Count: 2"]);
  const [sent] = comm.sentOf("change_props");
  expect(sent).toMatchObject({ element: "e", epoch: 1, change: 1, props: { count: 2 } });
  show({ content: '{"count":2}', changes: { [sent?.writer ?? ""]: 1 } });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(comm.sentOf("change_props")).toHaveLength(1);
});

test("a change whose answer is lost is sent again, the very same", async () => {
  const { comm } = await open(COUNTER);
  press();
  await vi.advanceTimersByTimeAsync(7000);
  const sent = comm.sentOf("change_props");
  expect(sent.length).toBeGreaterThan(1);
  expect(new Set(sent.map((each) => JSON.stringify(each))).size).toBe(1);
});

test("what is changed while a change is on its way goes with the next, and nothing jumps back meanwhile", async () => {
  const { comm, show } = await open(COUNTER);
  press();
  press();
  press();
  expect(drawn()).toEqual(["Count: 4"]);
  const writer = comm.sentOf("change_props")[0]?.writer ?? "";
  expect(comm.sentOf("change_props")).toHaveLength(1);
  show({ content: '{"count":2,"word":"b"}', changes: { [writer]: 1 } });
  expect(drawn()).toEqual(["Count: 4"]);
  expect(comm.sentOf("change_props")[1]).toMatchObject({ change: 2, props: { count: 4 } });
  show({ content: '{"count":4}', changes: { [writer]: 2 } });
  show({ content: '{"count":10}', changes: { [writer]: 2 } }); // Python was last
  expect(drawn()).toEqual(["Count: 10"]);
});

test("other props than those on their way are the kernel's", async () => {
  const { api, show } = await open(COUNTER);
  press();
  show({ content: '{"count":7,"word":"b"}' });
  expect({ ...api.props }).toEqual({ count: 2, word: "b" });
});

test("props cannot be set past update, nor to what JSON has not", async () => {
  const { api } = await open(COUNTER);
  expect(() => {
    (api.props as { count: number }).count = 2;
  }).toThrow("Props are changed with update({ count: value }).");
  const loop: { self?: unknown } = {};
  loop.self = loop;
  expect(() => api.update({ loop })).toThrow();
  expect(Object.keys(api.props)).toEqual(["count", "word"]);
});

test("a chat that has ended keeps what is changed to itself", async () => {
  const { comm, receive } = await open(COUNTER);
  receive(
    events(1, 2, {
      type: "info",
      session: "s",
      assistant: "A",
      has_on_message: true,
      user: null,
      ended: true,
      can_restore: false,
    }),
  );
  press();
  expect(drawn()).toEqual(["Count: 2"]);
  expect(comm.sentOf("change_props")).toEqual([]);
});

test("an action that is called gives back what its callback returned", async () => {
  const { api, comm, show } = await open(COUNTER);
  const result = api.callAction({ name: "add", payload: { a: 1 } });
  const [sent] = comm.sentOf("call_action");
  expect(sent).toMatchObject({ element: "e", name: "add", payload: { a: 1 } });
  show({ results: { [sent?.call ?? ""]: '{"sum":3}' } });
  expect(await result).toEqual({ sum: 3 });
});

test("an action that is called for an element that goes away fails", async () => {
  const { api, receive } = await open(COUNTER);
  const result = expect(api.callAction({ name: "add" })).rejects.toThrow("The element is gone.");
  receive(events(1, 2, { type: "item_removed", id: "e" }));
  await result;
  expect(api.signal.aborted).toBe(true);
  expect(drawn()).toEqual([]);
});

test("an element can speak as the user, and take itself back", async () => {
  const { api, comm, user } = await open(COUNTER);
  user(() => api.sendUserMessage("hello"));
  expect(comm.sentOf("user_message")).toMatchObject([{ content: "hello" }]);
  api.deleteElement();
  expect(comm.sentOf("remove_element")).toEqual([{ type: "remove_element", element: "e", epoch: 1 }]);
});

test("an element answers the question that waits for it", async () => {
  const question = ask("q", { type: "element", for_id: "m2", content: "?" });
  const { api, comm, receive } = await open(COUNTER, question);
  api.submitElement({ count: 2 });
  expect(comm.sentOf("answer")).toEqual([
    { type: "answer", ask: "q", epoch: 1, files: [], values: { count: 2 } },
  ]);
  receive(events(1, 2, { type: "item_removed", id: "q" }));
  expect(() => api.cancelElement()).toThrow("No question waits for an answer of this element.");
});

test("a module that was written for anywidget draws, too", async () => {
  const counts: unknown[] = [];
  const module = {
    default: {
      render(api: ComponentApi) {
        apis.push(api);
        const { model, el } = api;
        el.textContent = String(model.get("count"));
        model.on("change:count", () => counts.push(model.get("count")));
        model.on("change:word", () => counts.push("word"));
      },
    },
  };
  const { api, comm } = await open(module);
  expect(drawn()).toEqual(["1"]);
  api.model.set("count", 3);
  expect(api.model.get("count")).toBe(3);
  api.model.save_changes();
  expect(comm.sentOf("change_props")).toMatchObject([{ props: { count: 3 } }]);
  expect(counts).toEqual([3]);
  api.model.off("change:count");
  api.model.set("count", 4);
  api.model.save_changes();
  expect(counts).toEqual([3]);
});

test.each([
  [
    "throws",
    {
      default: () => {
        throw new Error("broken");
      },
    },
    "Counter could not be drawn: broken",
  ],
  [
    "rejects",
    {
      default: async () => {
        throw new Error("later");
      },
    },
    "Counter could not be drawn: later",
  ],
  ["has no default export", {}, "has no default export that is a function"],
])("a module that %s says so in its place", async (_, module, text) => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { store } = openChat(picture(counter()), (ms) => vi.advanceTimersByTime(ms));
  store.assets.module = async () => module;
  expect((await screen.findByRole("alert")).textContent).toContain(text);
});

test("what a module returned cleans up when the element goes", async () => {
  const clean = vi.fn();
  const { receive } = await open({
    default(api: ComponentApi) {
      apis.push(api);
      return clean;
    },
  });
  receive(events(1, 2, { type: "item_removed", id: "e" }));
  await waitFor(() => expect(clean).toHaveBeenCalledOnce());
});

test("a module whose listener or clean-up throws disturbs nobody else", async () => {
  const trouble = vi.spyOn(console, "error").mockImplementation(() => {});
  const told = vi.fn();
  const { store, show, receive } = await open({
    default(api: ComponentApi) {
      apis.push(api);
      api.onChange(() => {
        throw new Error("broken");
      });
      api.onChange(told);
      return () => {
        throw new Error("broken, too");
      };
    },
  });
  show({ content: '{"count":5}' });
  expect(told).toHaveBeenCalledOnce();
  expect(store.picture.item("e").value?.item.content).toBe('{"count":5}');
  receive(events(1, 3, { type: "item_removed", id: "e" }));
  await vi.advanceTimersByTimeAsync(1000);
  expect(drawn()).toEqual([]);
  receive(events(1, 4, { type: "token", id: "m2", text: " More.", is_input: false }));
  expect(screen.getByText(/More\./)).toBeTruthy();
  expect(trouble.mock.calls.map(([, error]) => error.message)).toEqual(["broken", "broken, too"]);
});
