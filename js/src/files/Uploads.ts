// Files on their way to the kernel. They go one after another, in parts; each part is sent until the kernel says how
// much it has, and then the next one from there. So a part that is lost, repeated or late costs time and nothing else.
//
//     add ─▶ waiting ─▶ sending ─▶ done ─▶ (sent with a message, or as an answer)
//                          └─▶ stuck: nobody answers; it goes on when somebody does

import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { type FileState, MAX_CHUNK_BYTES, type UploadRules } from "../protocol.ts";
import { randomId } from "../randomId.ts";
import { type Pace, Retry } from "../retry.ts";
import type { Store } from "../store.ts";
import { objection } from "./rules.ts";

const SENDING: Pace = { first: 3000, limit: 15_000, tries: 12 };
const FIRST_CHUNK_BYTES = 128_000;
const LOST = "Some files belonged to the conversation before. Add them again.";
const SWIFT_MS = 250;
const SLOW_MS = 2000;

export interface Upload {
  readonly id: string;
  readonly file: File;
  /** The question that it answers; null: it goes with a message. */
  readonly ask: string | null;
  /** How many bytes the kernel has. */
  readonly received: number;
  readonly state: "waiting" | "sending" | "stuck" | "done";
}

/** Something that was not taken, and why. */
export interface Complaint {
  readonly ask: string | null;
  readonly text: string;
}

const known = new WeakMap<Store, Uploads>();

/** The uploads of one chat, which all its views share. */
export function uploadsOf(store: Store): Uploads {
  const uploads = known.get(store) ?? new Uploads(store);
  known.set(store, uploads);
  return uploads;
}

export class Uploads {
  readonly #all = signal<ReadonlyMap<string, Upload>>(new Map());
  readonly #list = computed(() => [...this.#all.value.values()]);
  readonly #complaints = signal<readonly Complaint[]>([]);
  readonly #sending = new Retry(
    () => void this.#send(),
    SENDING,
    () => this.#getStuck(),
  );
  #chunk = FIRST_CHUNK_BYTES;
  #sentAt = 0;
  #session: string | undefined;

  /** Those that go with the message that is being written. */
  readonly attached: ReadonlySignal<readonly Upload[]> = computed(() => {
    const files = new Set([...this.store.draft.files.value.keys()].map(fileOf));
    return this.#list.value.filter(({ id }) => files.has(id));
  });

  constructor(private readonly store: Store) {
    store.onFile = (state) => this.#hear(state);
    effect(() => {
      store.draft.isUploading.value = this.attached.value.some(isOnItsWay);
    });
    effect(() => {
      const session = store.picture.info.value?.session;
      untracked(() => this.#follow(session));
    });
    effect(() => {
      if (store.connection.value === "live") untracked(() => this.retry());
    });
  }

  complaints(ask: string | null): readonly Complaint[] {
    return this.#complaints.value.filter((complaint) => complaint.ask === ask);
  }

  find(id: string): Upload | undefined {
    return this.#all.value.get(id);
  }

  /** Those that answer a question. */
  answering(ask: string): readonly Upload[] {
    return this.#list.value.filter((upload) => upload.ask === ask);
  }

  /** Takes files from the user, as far as the rules allow it, and sends them. */
  add(files: readonly File[], rules: UploadRules, ask: string | null = null): void {
    const there = ask === null ? this.store.draft.files.value.size : this.answering(ask).length;
    const objections = files.map((file) => objection(rules, file));
    const fine = files.filter((_, index) => objections[index] === undefined);
    const room = Math.max(rules.max_files - there, 0);
    this.dismissComplaints(ask);
    for (const text of objections) if (text !== undefined) this.#complain(ask, text);
    if (fine.length > room) this.#complain(ask, tooMany(rules.max_files));
    for (const file of fine.slice(0, room)) this.#begin(file, ask);
    this.#pump();
  }

  /** The user does not want to send it after all. */
  remove(id: string): void {
    this.#forget(fileOf(id));
    this.store.put({ type: "drop_file", epoch: this.store.epoch, file: fileOf(id) });
  }

  dismissComplaints(ask: string | null): void {
    this.#complaints.value = this.#complaints.value.filter((complaint) => complaint.ask !== ask);
  }

  #complain(ask: string | null, text: string): void {
    this.#complaints.value = [...this.#complaints.value, { ask, text }];
  }

  /** Goes on with what got stuck. */
  retry(): void {
    for (const upload of this.#list.peek().filter(isStuck)) this.#put({ ...upload, state: "waiting" });
    this.#pump();
  }

  #begin(file: File, ask: string | null): void {
    const id = randomId();
    this.#put({ id, file, ask, received: 0, state: "waiting" });
    const { files } = this.store.draft;
    if (ask === null) files.value = new Map([...files.value, [id, file.name]]);
  }

  /** Another conversation has none of the files. Those of the message that is being written go there, too. */
  #follow(session: string | undefined): void {
    const before = this.#session;
    this.#session = session;
    if (before === undefined || session === undefined || before === session) return;
    this.#sending.stop();
    const kept = this.attached.value;
    const lost = this.store.draft.files.value.size - kept.length;
    this.#all.value = new Map(
      kept.map((upload) => [upload.id, { ...upload, received: 0, state: "waiting" }]),
    );
    this.store.draft.files.value = new Map(kept.map(({ id, file }) => [id, file.name]));
    if (lost > 0) this.#complain(null, LOST);
    this.#pump();
  }

  // ── One part after another ─────────────────────────────────────────────────────────────────────

  get #current(): Upload | undefined {
    return this.#list.peek().find(({ state }) => state === "sending");
  }

  #pump(): void {
    if (this.#current) return;
    const next = this.#list.peek().find(({ state }) => state === "waiting");
    if (!next) return;
    this.#put({ ...next, state: "sending" });
    this.#sending.start();
  }

  async #send(): Promise<void> {
    const upload = this.#current;
    if (!upload) return;
    const { id, file, ask, received: offset } = upload;
    const part = await read(file, offset, this.#chunk);
    if (this.#current !== upload) return; // it was answered, or taken away, while the part was read
    if (!part) {
      this.#refuse(upload, `${file.name} cannot be read. Is it a folder, or was it changed? Add it again.`);
      return;
    }
    this.#sentAt = Date.now();
    const { name, size } = file;
    this.store.put({ type: "put_file", epoch: this.store.epoch, file: id, name, size, offset, ask }, part);
  }

  #hear({ epoch, file: id, received, message }: FileState): void {
    const upload = this.find(id);
    if (!upload || upload.state === "done" || epoch !== this.store.epoch) return;
    if (message !== "") {
      this.#refuse(upload, message);
      return;
    }
    const isDone = received === upload.file.size;
    if (!isDone && received === upload.received) return; // said again
    const isCurrent = upload === this.#current;
    this.#put({ ...upload, received, state: isDone ? "done" : isCurrent ? "sending" : "waiting" });
    if (isCurrent) {
      this.#adapt();
      this.#sending.stop();
      if (!isDone) this.#sending.start();
    }
    this.#pump();
  }

  /** Larger parts on a swift line, smaller ones on a slow line: each shall take about a second at most. */
  #adapt(): void {
    const took = Date.now() - this.#sentAt;
    if (took < SWIFT_MS) this.#chunk = Math.min(this.#chunk * 2, MAX_CHUNK_BYTES);
    if (took > SLOW_MS) this.#chunk = Math.max(this.#chunk / 2, FIRST_CHUNK_BYTES / 4);
  }

  #getStuck(): void {
    const upload = this.#current;
    if (upload) this.#put({ ...upload, state: "stuck" });
  }

  #refuse({ id, ask }: Upload, why: string): void {
    this.#complain(ask, why);
    this.#forget(id);
  }

  #forget(id: string): void {
    if (this.#current?.id === id) this.#sending.stop();
    const rest = new Map(this.#all.value);
    rest.delete(id);
    this.#all.value = rest;
    const { files } = this.store.draft;
    files.value = new Map([...files.value].filter(([each]) => fileOf(each) !== id));
    this.#pump();
  }

  #put(upload: Upload): void {
    this.#all.value = new Map([...this.#all.value, [upload.id, upload]]);
  }
}

/** The file that an id means: that of the file, or of the item that shows it at its message. */
export function fileOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

export function isOnItsWay({ state }: Upload): boolean {
  return state !== "done";
}

function isStuck({ state }: Upload): boolean {
  return state === "stuck";
}

async function read(file: File, offset: number, size: number): Promise<ArrayBuffer | undefined> {
  try {
    return await file.slice(offset, offset + size).arrayBuffer();
  } catch {
    return undefined;
  }
}

function tooMany(most: number): string {
  return `Only ${most === 1 ? "one file goes" : `${most} files go`} together. The others were left out.`;
}
