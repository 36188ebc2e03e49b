// The files that this page has from its kernels, by SHA-256 hash: the core bundle, chunks, images. All widgets
// of a page share them, whichever fetched them. The loader and the core contain this module each, so the
// registry itself lives on globalThis.

export interface Slot {
  /** The file, or nothing when the kernel does not have it. */
  readonly file: Promise<Blob | undefined>;
  readonly fill: (file: Blob | undefined) => void;
  /** The file as a module, once somebody imported it. */
  module?: Promise<unknown>;
}

const KEY = Symbol.for("anychat.assets");
const AGAIN_MS = 3000;
const MOST_MS = 30_000;

/** A packet `asset` came, asked for or not. */
export function receiveFile(hash: string, bytes: BlobPart | undefined): void {
  slotOf(hash).fill(bytes === undefined ? undefined : new Blob([bytes]));
  // Another kernel of this page may have it, or this one later.
  if (bytes === undefined) slots().delete(hash);
}

/**
 * The file, which is asked for until it comes: at once if nobody has asked, then ever more seldom.
 *
 * Rejects when it cannot be asked for, when the kernel does not have it, and when the signal aborts.
 */
export async function fetchFile(hash: string, ask: () => void, signal: AbortSignal): Promise<Blob> {
  signal.throwIfAborted();
  const isNew = !slots().has(hash);
  const { file } = slotOf(hash);
  const rest = askAgain(ask);
  try {
    if (isNew) ask();
    const blob = await Promise.race([file, whenAborted(signal)]);
    if (blob) return blob;
    throw new Error("The kernel does not have the file.");
  } finally {
    rest();
  }
}

/** The file as a module, evaluated once per page. */
export async function importFile(hash: string, ask: () => void, signal: AbortSignal): Promise<unknown> {
  const file = await fetchFile(hash, ask, signal);
  const slot = slotOf(hash);
  slot.module ??= importBlob(file);
  slot.module.catch(() => slots().delete(hash));
  return slot.module;
}

async function importBlob(file: Blob): Promise<unknown> {
  const url = URL.createObjectURL(file.slice(0, file.size, "text/javascript"));
  try {
    return await import(/* @vite-ignore */ url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Asks after a while, and again and again; returns what to call when it is enough. */
function askAgain(ask: () => void, wait = AGAIN_MS): () => void {
  let timer = setTimeout(function again() {
    wait = Math.min(wait * 1.5, MOST_MS);
    timer = setTimeout(again, wait);
    try {
      ask();
    } catch {
      clearTimeout(timer); // The line is down. Another widget may still get the file.
    }
  }, wait);
  return () => clearTimeout(timer);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

function slotOf(hash: string): Slot {
  const slot = slots().get(hash) ?? emptySlot();
  slots().set(hash, slot);
  return slot;
}

function emptySlot(): Slot {
  let fill: Slot["fill"] = () => {};
  const file = new Promise<Blob | undefined>((resolve) => {
    fill = resolve;
  });
  return { file, fill };
}

function slots(): Map<string, Slot> {
  const page = globalThis as { [KEY]?: Map<string, Slot> };
  page[KEY] ??= new Map();
  return page[KEY];
}
