import { cleanup, render, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Chat } from "../../src/view/Chat.tsx";
import { events } from "../FakeComm.ts";
import { ask, message, offers, snapshot, turn, userMessage } from "../records.ts";
import { type OpenChat, openChat } from "../view/openChat.tsx";

const LISTENING = snapshot({ offers: offers({ window_messages: true }) });

let heard: unknown[] = [];
const hear = (event: MessageEvent) => heard.push(event.data);

beforeEach(() => {
  heard = [];
  window.addEventListener("message", hear);
});
afterEach(() => {
  window.removeEventListener("message", hear);
  cleanup();
});

/** The page, or something in it, posts a message to the window. */
function post(data: unknown, origin = location.origin): void {
  window.dispatchEvent(new MessageEvent("message", { data, origin }));
}

async function listening(): Promise<OpenChat> {
  const chat = openChat(LISTENING);
  await waitFor(() => {
    post("are you there?");
    expect(chat.comm.sentOf("post_window").length).toBeGreaterThan(0);
  });
  chat.comm.clear();
  heard = [];
  return chat;
}

test("what the App sends is said in the window, once, in order", async () => {
  const { receive } = openChat(snapshot());
  receive(events(1, 1, { type: "window", data: { n: 1 } }, { type: "window", data: "two" }));
  await waitFor(() => expect(heard).toEqual([{ n: 1 }, "two"]));
  receive(events(1, 2, { type: "window", data: "two" }, { type: "window", data: 3 }));
  await waitFor(() => expect(heard).toEqual([{ n: 1 }, "two", 3]));
});

test("two views of a chat say it once", async () => {
  const { store, receive } = openChat(snapshot());
  render(<Chat store={store} />);
  receive(events(1, 1, { type: "window", data: 1 }));
  await waitFor(() => expect(heard).toEqual([1]));
  receive(events(1, 2, { type: "window", data: 2 }));
  await waitFor(() => expect(heard).toContain(2));
  expect(heard).toEqual([1, 2]);
});

test("what the window hears is brought to the App until it is heard there", async () => {
  const { comm, receive } = await listening();
  post({ rows: [1, 2] });
  const [sent] = comm.sentOf("post_window");
  expect(sent).toEqual({ type: "post_window", post: sent?.post, epoch: 1, data: { rows: [1, 2] } });
  receive(events(1, 1, { type: "window_heard", post: sent?.post ?? "" }));
  expect(comm.sentOf("post_window").length).toBe(1);
});

test("nothing of another origin, of the App's own, or that cannot travel is brought there", async () => {
  const { comm, receive } = await listening();
  const circle: unknown[] = [];
  circle.push(circle);
  post("from elsewhere", "https://elsewhere.example");
  post(circle);
  post(() => {});
  post("x".repeat(1_000_000));
  receive(events(1, 1, { type: "window", data: "the App's own" }));
  await waitFor(() => expect(heard).toContain("the App's own"));
  expect(comm.sentOf("post_window")).toEqual([]);
});

test("an App that does not want to hear is told nothing", async () => {
  const { comm, receive } = openChat(snapshot());
  receive(events(1, 1, { type: "window", data: 1 })); // so that the part is there that would listen
  await waitFor(() => expect(heard).toEqual([1]));
  post("anybody?");
  expect(comm.sentOf("post_window")).toEqual([]);
});

describe("a function of the page", () => {
  const call = ask("q1", { type: "function", for_id: "", content: "add", args: { a: 1, b: 2 } });

  test("is called by an event, and answers by its callback", async () => {
    const add = vi.fn(({ detail: { args, callback } }: CustomEvent) => callback(args.a + args.b));
    window.addEventListener("chainlit-call-fn", add as unknown as EventListener);
    const { comm, receive } = openChat(
      snapshot({ turns: [turn("t1", "running", userMessage("t1", "add"), message("m1", "…"))] }),
    );
    receive(events(1, 1, { type: "item", turn: "t1", item: call }));
    await waitFor(() => expect(comm.sentOf("answer").length).toBe(1));
    expect(add.mock.calls[0]?.[0].detail).toMatchObject({ name: "add", args: { a: 1, b: 2 } });
    expect(comm.sentOf("answer")).toEqual([
      { type: "answer", ask: "q1", epoch: 1, files: [], values: { result: 3 } },
    ]);
    receive(events(1, 2, { type: "item_removed", id: "q1" }));
    expect(add).toHaveBeenCalledOnce();
    window.removeEventListener("chainlit-call-fn", add as unknown as EventListener);
  });
});
