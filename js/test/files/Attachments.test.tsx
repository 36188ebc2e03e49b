import { cleanup, createEvent, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { uploadsOf } from "../../src/files/Uploads.ts";
import { events } from "../FakeComm.ts";
import { openStore } from "../openStore.ts";
import { element, message, offers, snapshot, turn, userMessage } from "../records.ts";
import { composer, type OpenChat, openChat } from "../view/openChat.tsx";
import { file } from "./FileKernel.ts";

const UPLOADS = offers({ uploads: { accept: ["image/*", ".txt"], max_files: 3, max_size_mb: 1 } });

beforeEach(() => {
  URL.createObjectURL = () => "blob:picture";
  URL.revokeObjectURL = vi.fn();
});
afterEach(cleanup);

async function open(picture = snapshot({ offers: UPLOADS })): Promise<OpenChat> {
  const chat = openChat(picture);
  await screen.findByRole("button", { name: "Add files" });
  return chat;
}

function pick(...files: File[]): void {
  const input = screen.getByLabelText<HTMLInputElement>("Add files", { selector: "input" });
  Object.defineProperty(input, "files", { value: files, configurable: true });
  Object.defineProperty(input, "value", { value: "", writable: true, configurable: true });
  fireEvent.change(input);
}

/** The kernel has all of the files that were sent so far. */
async function answer({ comm, receive }: OpenChat, message = ""): Promise<void> {
  await waitFor(() => expect(comm.sentOf("put_file").length).toBeGreaterThan(0));
  const { epoch, file, size } = comm.sentOf("put_file").at(-1) ?? { epoch: 0, file: "", size: 0 };
  comm.clear();
  receive({ type: "file", epoch, file, received: message ? 0 : size, message });
}

function chips(): string[] {
  return [...document.querySelectorAll(".chips .chip-name")].map(({ textContent }) => textContent ?? "");
}

function transfer(files: File[], ...types: string[]): Pick<DataTransfer, "files" | "types"> {
  return { files, types: [...types, "Files"] } as unknown as DataTransfer;
}

test("without uploads there is no button, and a drop is the notebook's", () => {
  openChat(snapshot());
  expect(screen.queryByRole("button", { name: "Add files" })).toBeNull();
  const drop = createEvent.drop(composer());
  fireEvent(composer(), drop);
  expect(drop.defaultPrevented).toBe(false);
});

test("the button opens the browser's picker, which shows what is accepted", async () => {
  await open();
  const input = screen.getByLabelText<HTMLInputElement>("Add files", { selector: "input" });
  const click = vi.spyOn(input, "click").mockImplementation(() => {});
  fireEvent.click(screen.getByRole("button", { name: "Add files" }));
  expect(click).toHaveBeenCalledOnce();
  expect([input.accept, input.multiple]).toEqual(["image/*,.txt", true]);
});

test("what is picked is sent, and goes with the message", async () => {
  const chat = await open();
  pick(file("notes.txt"));
  expect(chips()).toEqual(["notes.txt"]);
  expect(screen.getByRole("progressbar", { name: "Sending notes.txt" })).not.toBeNull();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send" }).disabled).toBe(true);
  expect(screen.getAllByRole("status").map((each) => each.textContent)).toContain("Sending notes.txt");
  await answer(chat);

  expect(screen.queryByRole("progressbar")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(chat.comm.sentOf("user_message")).toMatchObject([{ content: "", files: [expect.any(String)] }]);
  expect(chips()).toEqual([]);
  expect(screen.getByRole("list", { name: "Files" }).textContent).toContain("notes.txt");
});

test("what is dropped on the chat is sent", async () => {
  const chat = await open();
  const log = screen.getByRole("log");
  fireEvent.dragOver(log, { dataTransfer: transfer([]) });
  expect(screen.getByText("Drop files to add them to the message")).not.toBeNull();
  const drop = createEvent.drop(log, { dataTransfer: transfer([file("notes.txt")]) });
  fireEvent(log, drop);
  expect(drop.defaultPrevented).toBe(true);
  expect(screen.queryByText("Drop files to add them to the message")).toBeNull();
  expect(chips()).toEqual(["notes.txt"]);
  await answer(chat);
});

test("a picture that is pasted is sent, and text is pasted as text", async () => {
  const chat = await open();
  const text = createEvent.paste(composer(), {
    clipboardData: transfer([file("image.png", 9, "image/png")], "text/plain"),
  });
  fireEvent(composer(), text);
  expect([text.defaultPrevented, chips()]).toEqual([false, []]);

  const picture = createEvent.paste(composer(), {
    clipboardData: transfer([file("image.png", 9, "image/png")]),
  });
  fireEvent(composer(), picture);
  expect([picture.defaultPrevented, chips()]).toEqual([true, ["image.png"]]);
  await answer(chat);
});

test("the browser asks before it leaves a file behind, whatever other chats do, and only while the chat is there", async () => {
  const leave = () => {
    const event = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented ? "asks" : "leaves";
  };
  const chat = await open();
  expect(leave()).toBe("leaves");
  pick(file("notes.txt"));
  await waitFor(() => expect(leave()).toBe("asks"));
  uploadsOf(openStore(snapshot({ offers: UPLOADS })).store); // another one, with nothing on its way
  expect(leave()).toBe("asks");
  await answer(chat);
  await waitFor(() => expect(leave()).toBe("leaves"));
  pick(file("more.txt"));
  await waitFor(() => expect(leave()).toBe("asks"));
  cleanup();
  await waitFor(() => expect(leave()).toBe("leaves"));
});

test("a file is taken away with its button, and the focus stays in the chat", async () => {
  const chat = await open();
  pick(file("notes.txt"), file("more.txt"));
  const remove = screen.getByRole("button", { name: "Remove notes.txt" });
  remove.focus();
  fireEvent.click(remove);
  expect(chips()).toEqual(["more.txt"]);
  expect(document.activeElement).toBe(composer());
  expect(chat.comm.sentOf("drop_file").length).toBe(1);
});

test("what is not taken is said, until that is put away", async () => {
  const chat = await open();
  pick(file("app.exe", 9, "application/x-msdownload"));
  expect(screen.getByRole("alert").textContent).toContain("app.exe is not of a kind that is taken here");
  fireEvent.click(within(screen.getByRole("alert")).getByRole("button", { name: "Dismiss" }));
  expect(screen.queryByRole("alert")).toBeNull();

  pick(file("virus.txt"));
  await answer(chat, "virus.txt is application/zip, by what is in it.");
  expect(screen.getByRole("alert").textContent).toContain("by what is in it");
  expect(chips()).toEqual([]);
});

describe("the files of a message", () => {
  const given = element("t1/f1", {
    type: "file",
    name: "table.csv",
    mime: "text/csv",
    asset: "abc",
    bytes: 12_345,
    for_id: "t1",
  });

  test("stand with it, by name and size", async () => {
    await open(snapshot({ offers: UPLOADS, turns: [turn("t1", "done", userMessage("t1", "look"), given)] }));
    const article = screen.getByRole("article", { name: "User" });
    const saved = await within(article).findByRole("button", { name: "table.csv 12 kB" });
    expect(saved.title).toBe("Save table.csv");
  });

  test("go along when it is asked again, and when it is edited", async () => {
    const { comm } = await open(
      snapshot({
        offers: UPLOADS,
        turns: [turn("t1", "done", userMessage("t1", "look"), given, message("m1", "seen"))],
      }),
    );
    fireEvent.click(screen.getByRole("button", { name: "Ask again" }));
    expect(comm.sentOf("user_message")).toMatchObject([{ replaces: "t1", files: ["t1/f1"] }]);
  });

  test("come back to the composer when it is withdrawn", async () => {
    const { comm, receive } = await open(
      snapshot({
        offers: UPLOADS,
        turns: [turn("t0", "running"), turn("t1", "queued", userMessage("t1", "look"), given)],
      }),
    );
    fireEvent.click(screen.getByRole("button", { name: "Withdraw" }));
    receive(events(1, 1, { type: "turn_removed", id: "t1" }));
    expect(composer().value).toBe("look");
    expect(chips()).toEqual(["table.csv"]);
    fireEvent.click(screen.getByRole("button", { name: "Send" }));
    expect(comm.sentOf("user_message")).toMatchObject([{ content: "look", files: ["t1/f1"] }]);
  });
});
