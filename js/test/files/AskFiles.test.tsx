import { cleanup, createEvent, fireEvent, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AskItem } from "../../src/protocol.ts";
import { events } from "../FakeComm.ts";
import { ask, message, snapshot, turn, userMessage } from "../records.ts";
import { type OpenChat, openChat } from "../view/openChat.tsx";
import { file } from "./FileKernel.ts";

beforeEach(() => {
  URL.createObjectURL = () => "blob:picture";
  URL.revokeObjectURL = vi.fn();
});
afterEach(cleanup);

async function asked(fields: Partial<AskItem> = {}): Promise<OpenChat> {
  const question = ask("q1", {
    type: "file",
    for_id: "m1",
    accept: ["text/plain"],
    max_files: 1,
    max_size_mb: 2,
    ...fields,
  });
  const picture = snapshot({
    turns: [turn("t1", "running", userMessage("t1", "hi"), message("m1", "Your file?"), question)],
  });
  const chat = openChat(picture);
  await screen.findByText(/or drop here/);
  return chat;
}

function choose(name: string, ...files: File[]): void {
  const input = screen.getByLabelText<HTMLInputElement>(name, { selector: "input" });
  Object.defineProperty(input, "files", { value: files, configurable: true });
  Object.defineProperty(input, "value", { value: "", writable: true, configurable: true });
  fireEvent.change(input);
}

async function arrive({ comm, receive }: OpenChat): Promise<string> {
  await waitFor(() => expect(comm.sentOf("put_file").length).toBeGreaterThan(0));
  const { epoch, file, size } = comm.sentOf("put_file").at(-1) ?? { epoch: 0, file: "", size: 0 };
  comm.clear();
  receive({ type: "file", epoch, file, received: size, message: "" });
  return file;
}

test("a question says what it takes", async () => {
  await asked({ max_files: 3, accept: ["image/*", ".csv"] });
  expect(screen.getByText("or drop here · image/*, .csv · up to 3 files · 2.0 MB at most")).not.toBeNull();
});

test("a single file answers as soon as it is there", async () => {
  const chat = await asked();
  choose("Choose a file", file("a.txt"));
  expect(chat.comm.sentOf("answer")).toEqual([]);
  const id = await arrive(chat);
  await waitFor(() => expect(chat.comm.sentOf("answer").length).toBe(1));
  expect(chat.comm.sentOf("answer")).toEqual([
    { type: "answer", ask: "q1", epoch: 1, files: [id], values: null },
  ]);
  chat.receive(events(1, 1, { type: "item_removed", id: "q1" }));
  expect(screen.queryByText(/or drop here/)).toBeNull();
});

test("a single file whose answer is not taken can be sent again", async () => {
  const chat = await asked();
  choose("Choose a file", file("a.txt"));
  const id = await arrive(chat);
  await waitFor(() => expect(chat.comm.sentOf("answer").length).toBe(1));
  expect(document.querySelector(".send-files")).toBeNull();
  chat.receive({ type: "refused", turn: null, message: "Not now." });
  chat.comm.clear();
  fireEvent.click(document.querySelector(".send-files") as HTMLElement);
  expect(chat.comm.sentOf("answer")).toMatchObject([{ files: [id] }]);
});

test("several files answer when the user says so", async () => {
  const chat = await asked({ max_files: 2 });
  const send = () => document.querySelector<HTMLButtonElement>(".send-files");
  choose("Choose files", file("a.txt"));
  expect(send()?.disabled).toBe(true);
  const first = await arrive(chat);
  choose("Choose files", file("b.txt"));
  const second = await arrive(chat);
  expect(screen.queryByRole("button", { name: "Choose files" })).toBeNull();
  fireEvent.click(send() as HTMLButtonElement);
  expect(chat.comm.sentOf("answer")).toMatchObject([{ files: [first, second] }]);
});

test("what is dropped on the chat answers the question, and what is not taken is said there", async () => {
  const chat = await asked();
  const dataTransfer = { types: ["Files"], files: [file("a.png", 9, "image/png"), file("a.txt")] };
  fireEvent(screen.getByRole("log"), createEvent.drop(screen.getByRole("log"), { dataTransfer }));
  expect(screen.getByRole("alert").textContent).toContain(
    "a.png is not of a kind that is taken here: text/plain.",
  );
  await waitFor(() => expect(chat.comm.sentOf("put_file")).toMatchObject([{ name: "a.txt", ask: "q1" }]));
});
