import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Upload, type Uploads, uploadsOf } from "../../src/files/Uploads.ts";
import type { UploadRules } from "../../src/protocol.ts";
import { Store } from "../../src/store.ts";
import { info, snapshot } from "../records.ts";
import { FileKernel, file, type Line } from "./FileKernel.ts";

const RULES: UploadRules = { accept: ["*/*"], max_files: 20, max_size_mb: 50 };
const LONG = 1_700_000;

beforeEach(() => {
  vi.useFakeTimers();
});

function open(line?: Line): { store: Store; kernel: FileKernel; uploads: Uploads } {
  const kernel = new FileKernel(line);
  const store = new Store(kernel, "page", () => Promise.reject(new Error("No chunks here.")));
  store.openView();
  kernel.say(snapshot());
  store.picture.flush();
  kernel.sent.length = 0;
  return { store, kernel, uploads: uploadsOf(store) };
}

/** Lets time pass until nothing is on its way. */
async function settle(uploads: Uploads): Promise<void> {
  for (let step = 0; step < 400 && uploads.attached.value.some(({ state }) => state !== "done"); step++)
    await vi.advanceTimersByTimeAsync(500);
}

function states(uploads: Uploads): Upload["state"][] {
  return uploads.attached.value.map(({ state }) => state);
}

/** Numbers that look random and are the same each time. */
function random(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test("files arrive whole, one after another, and the message can go when they are there", async () => {
  const { store, kernel, uploads } = open();
  uploads.add([file("a.txt", LONG), file("b.txt", 0)], RULES);
  expect(store.draft.isUploading.value).toBe(true);
  await settle(uploads);
  const [first = "", second = ""] = store.draft.files.value.keys();
  expect([...store.draft.files.value.values()]).toEqual(["a.txt", "b.txt"]);
  expect(kernel.text(first)).toBe(await file("a.txt", LONG).text());
  expect(kernel.text(second)).toBe("");
  expect(store.draft.isUploading.value).toBe(false);

  store.sendDraft();
  expect(kernel.sent.at(-1)).toMatchObject({ type: "user_message", content: "", files: [first, second] });
  expect(store.draft.files.value.size).toBe(0);
});

test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  "on a bad line a file arrives all the same, run %i",
  async (seed) => {
    const chance = random(seed);
    const fates = ["is lost", "comes twice", "comes late", "arrives", "arrives", "arrives"] as const;
    const { kernel, uploads, store } = open(() => fates[Math.floor(chance() * fates.length)] ?? "arrives");
    uploads.add([file("a.txt", LONG), file("b.txt", 70_000)], RULES);
    await settle(uploads);
    expect(states(uploads)).toEqual(["done", "done"]);
    const [first = "", second = ""] = store.draft.files.value.keys();
    expect([kernel.files.get(first)?.length, kernel.files.get(second)?.length]).toEqual([LONG, 70_000]);
    expect(kernel.text(first)).toBe(await file("a.txt", LONG).text());
  },
);

test("a kernel that forgot a file gets it again from the beginning", async () => {
  let packets = 0;
  const { kernel, uploads } = open(() => {
    packets += 1;
    if (packets === 6) kernel.files.clear();
    return "arrives";
  });
  uploads.add([file("a.txt", LONG)], RULES);
  await settle(uploads);
  expect([...kernel.files.values()].map(({ length }) => length)).toEqual([LONG]);
  expect(kernel.sent.filter((command) => command.type === "put_file" && command.offset === 0).length).toBe(2);
});

test("when nobody answers it says so, and goes on when the kernel is heard again", async () => {
  const { store, kernel, uploads } = open();
  kernel.isDown = true;
  uploads.add([file("a.txt")], RULES);
  await vi.advanceTimersByTimeAsync(200_000);
  expect(states(uploads)).toEqual(["stuck"]);
  expect(store.draft.isUploading.value).toBe(true);
  kernel.isDown = false;
  kernel.say({ type: "head", epoch: 1, seq: 0 });
  await settle(uploads);
  expect(states(uploads)).toEqual(["done"]);
});

test("a new conversation gets the files of the message that is being written", async () => {
  const { store, kernel, uploads } = open();
  uploads.add([file("a.txt"), file("b.txt", LONG)], RULES);
  await vi.advanceTimersByTimeAsync(1);
  kernel.files.clear();
  kernel.epoch = 2;
  kernel.say(snapshot({ epoch: 2, info: info({ session: "next" }) }));
  store.picture.flush();
  await settle(uploads);
  expect([...kernel.files.values()].map(({ length }) => length)).toEqual([10, LONG]);
});

describe("what is not taken", () => {
  test("stays here, and the reason is said", () => {
    const { kernel, uploads } = open();
    const rules = { accept: ["image/*", ".py"], max_files: 2, max_size_mb: 0.001 };
    const files = [
      file("a.txt"),
      file("b.png", 2000, "image/png"),
      file("c.py"),
      file("d.png", 9, "image/png"),
    ];
    uploads.add([...files, file("e.png", 9, "image/png")], rules);
    expect(uploads.complaints(null).map(({ text }) => text)).toEqual([
      "a.txt is not of a kind that is taken here: image/*, .py.",
      "b.png has 2.0 kB, and a file may have 1.0 kB here.",
      "Only 2 files go together. The others were left out.",
    ]);
    expect(uploads.attached.value.map((upload) => upload.file.name)).toEqual(["c.py", "d.png"]);
    expect(kernel.sent).toEqual([]);
  });

  test("by the kernel goes away, and the reason is said", async () => {
    const { store, kernel, uploads } = open();
    kernel.refuses = "a.png is application/pdf, by what is in it.";
    uploads.add([file("a.png")], RULES);
    await settle(uploads);
    expect(uploads.complaints(null)).toEqual([{ ask: null, text: kernel.refuses }]);
    expect(store.draft.files.value.size).toBe(0);
  });

  test("a file that cannot be read is named", async () => {
    const { uploads } = open();
    const folder = file("folder");
    folder.slice = () =>
      ({ arrayBuffer: () => Promise.reject(new Error("NotReadableError")) }) as unknown as Blob;
    uploads.add([folder, file("a.txt")], RULES);
    await settle(uploads);
    expect(uploads.complaints(null)[0]?.text).toContain("folder cannot be read");
    expect(states(uploads)).toEqual(["done"]);
  });
});

test("a file that is taken away is not sent on, and the next one goes", async () => {
  const { store, kernel, uploads } = open();
  uploads.add([file("a.txt", LONG), file("b.txt")], RULES);
  const [first = ""] = store.draft.files.value.keys();
  uploads.remove(first);
  await settle(uploads);
  expect(uploads.attached.value.map(({ file, state }) => [file.name, state])).toEqual([["b.txt", "done"]]);
  expect(kernel.sent.filter(({ type }) => type === "drop_file")).toEqual([
    { type: "drop_file", epoch: 1, file: first },
  ]);
});

test("a message waits for its files, and says so", () => {
  const { store, kernel, uploads } = open();
  uploads.add([file("a.txt")], RULES);
  store.draft.text.value = "look";
  store.sendDraft();
  expect(store.notice.value).toContain("still on their way");
  expect(kernel.sent.filter(({ type }) => type === "user_message")).toEqual([]);
  expect(store.draft.text.value).toBe("look");
});

test("a message that is refused comes back with its files", async () => {
  const { store, kernel, uploads } = open();
  uploads.add([file("a.txt")], RULES);
  await settle(uploads);
  store.draft.text.value = "look";
  store.sendDraft();
  const sent = kernel.sent.find((command) => command.type === "user_message");
  kernel.say({ type: "refused", message: "No.", turn: sent?.turn ?? "" });
  expect(store.draft.text.value).toBe("look");
  expect([...store.draft.files.value.values()]).toEqual(["a.txt"]);
  expect(states(uploads)).toEqual(["done"]);
});
