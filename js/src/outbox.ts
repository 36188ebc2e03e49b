// Messages that the user sent and the kernel has not shown to have. This state never leaves the page.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { FileNames } from "./draft.ts";
import type { Command, UserMessage } from "./protocol.ts";
import { type Pace, Retry } from "./retry.ts";

const SENDING: Pace = { first: 2000, limit: 10_000, tries: 12 };

/** What goes with the text of a message. */
export type Beside = Pick<UserMessage, "command" | "modes">;

export const NOTHING_BESIDE: Beside = { command: null, modes: {} };

export interface Pending {
  readonly turn: string;
  readonly content: string;
  /** The session that it was written to; 0 when no picture was there yet. */
  readonly epoch: number;
  /** The turn that it takes the place of: an edited message, or one asked again. */
  readonly replaces: string | null;
  /** The question that it answers: then it begins no turn. */
  readonly answers: string | null;
  readonly files: FileNames;
  readonly beside: Beside;
  /** The transcript has the turn, but perhaps not its message yet. */
  readonly isKnown: boolean;
  /** Nobody answered for long, or the line is down. */
  readonly isStuck: boolean;
}

/** Sends messages until they are acknowledged. The kernel drops duplicates, so sending again is safe. */
export class Outbox {
  readonly #entries = signal<readonly Pending[]>([]);
  readonly #sending = new Retry(
    () => this.#sendAll(),
    SENDING,
    () => this.getStuck(),
  );

  constructor(private readonly send: (command: Command) => void) {}

  get entries(): ReadonlySignal<readonly Pending[]> {
    return this.#entries;
  }

  add(message: Omit<Pending, "isKnown" | "isStuck">): void {
    const pending = { ...message, isKnown: false, isStuck: false };
    this.#entries.value = [...this.#entries.value, pending];
    // The others were sent before, in this order; the rhythm of their repetition stays.
    if (this.#sending.isRunning) this.#sendOne(pending);
    else this.#sending.start();
  }

  /** Tries again with what got stuck: the user asks for it, or the kernel was heard. */
  retry(): void {
    if (!this.#entries.value.some((pending) => pending.isStuck)) return;
    this.#entries.value = this.#entries.value.map((pending) => ({ ...pending, isStuck: false }));
    this.#sending.stop();
    this.#sending.start();
  }

  /** Stops sending for now. */
  getStuck(): void {
    this.#sending.stop();
    if (!this.#entries.value.some(isUnknown)) return;
    this.#entries.value = this.#entries.value.map((pending) => ({ ...pending, isStuck: isUnknown(pending) }));
  }

  /** The transcript has this turn: it need not be sent again. */
  acknowledge(turn: string): void {
    const known = this.find(turn);
    if (!known || known.isKnown) return;
    const settled = { ...known, isKnown: true, isStuck: false };
    this.#entries.value = this.#entries.value.map((pending) => (pending === known ? settled : pending));
    this.#restWhenDone();
  }

  /** Removes a message and gives it back. */
  take(turn: string): Pending | undefined {
    const taken = this.find(turn);
    if (taken) this.#entries.value = this.#entries.value.filter((pending) => pending !== taken);
    this.#restWhenDone();
    return taken;
  }

  find(turn: string): Pending | undefined {
    return this.#entries.value.find((pending) => pending.turn === turn);
  }

  close(): void {
    this.#sending.stop();
  }

  #sendAll(): void {
    for (const pending of this.#entries.value.filter(isUnknown)) this.#sendOne(pending);
  }

  #sendOne({ turn, content, epoch, replaces, answers, files: named, beside }: Pending): void {
    const files = [...named.keys()];
    this.send({ type: "user_message", turn, content, epoch, replaces, answers, files, ...beside });
  }

  #restWhenDone(): void {
    if (!this.#entries.value.some(isUnknown)) this.#sending.stop();
  }
}

function isUnknown(pending: Pending): boolean {
  return !pending.isKnown;
}
