// The files that this page has from its kernels, by SHA-256 hash: the core bundle, chunks, images. All widgets
// of a page share them, whichever fetched them. The loader and the core contain this module each, so the
// registry itself lives on globalThis.

export interface Slot {
  /** The file, or nothing when the kernel does not have it. */
  readonly file: Promise<Blob | undefined>;
  readonly fill: (file: Blob | undefined) => void;
  /** When somebody has to ask for it (again), and how long after that, if it does not come. */
  due: number;
  wait: number;
  /** The file as a module, once somebody imported it. */
  module?: Promise<unknown>;
  /** In bytes, once it is here. */
  size?: number | undefined;
}

const KEY = Symbol.for("anychat.assets");
const AGAIN_MS = 3000;
const MOST_MS = 30_000;
/** So many bytes of files are kept for who may show them again. */
const ROOM = 100_000_000;

/** A packet `asset` came, asked for or not. */
export function receiveFile(hash: string, bytes: BlobPart | undefined): void {
  const slot = slotOf(hash);
  const file = bytes === undefined ? undefined : new Blob([bytes]);
  slot.fill(file);
  slot.due = Number.POSITIVE_INFINITY;
  slot.size = file?.size;
  if (!file) slots().delete(hash); // another kernel of this page may have it, or this one later
}

/** Lets go of old files where there are too many. Whoever shows one has it; modules stay, to be evaluated once. */
export function makeRoom(): void {
  let room = ROOM;
  for (const [hash, { size = 0, module }] of [...slots()].reverse()) {
    room -= size;
    if (room < 0 && size > 0 && !module) slots().delete(hash);
  }
}

/**
 * The file, which is asked for until it comes: at once if nobody has asked, then ever more seldom, and once for all
 * who wait for it.
 *
 * Rejects when it cannot be asked for, when the kernel does not have it, and when the signal aborts.
 */
export async function fetchFile(hash: string, ask: () => void, signal: AbortSignal): Promise<Blob> {
  signal.throwIfAborted();
  const slot = slotOf(hash);
  const rest = keepAsking(slot, ask);
  try {
    const blob = await Promise.race([slot.file, whenAborted(signal)]);
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

/** Asks whenever nobody has for a while; returns what to call when it is enough. */
function keepAsking(slot: Slot, ask: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = () => {
    if (Date.now() >= slot.due) {
      ask();
      slot.due = Date.now() + slot.wait;
      slot.wait = Math.min(slot.wait * 1.5, MOST_MS);
    }
    timer = setTimeout(again, Math.min(slot.due - Date.now(), MOST_MS));
  };
  const again = () => {
    try {
      turn();
    } catch {} // The line is down. Another widget may still get the file.
  };
  turn();
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
  return { file, fill, due: 0, wait: AGAIN_MS };
}

function slots(): Map<string, Slot> {
  const page = globalThis as { [KEY]?: Map<string, Slot> };
  page[KEY] ??= new Map();
  return page[KEY];
}
