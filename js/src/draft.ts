// What the user is writing. This state never leaves the page; all views of a chat share it.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Beside } from "./outbox.ts";

/** The names of files that go with a message, by what they are called on the wire. */
export type FileNames = ReadonlyMap<string, string>;

export const NO_FILES: FileNames = new Map();

/** A text that came back while the composer held another one. */
export interface Offer {
  readonly turn: string;
  readonly content: string;
  readonly files?: FileNames;
  readonly beside?: Beside;
}

/** A message that is being written again. */
export interface Edit {
  readonly turn: string;
  readonly content: string;
}

export class Draft {
  readonly text = signal("");
  readonly files = signal(NO_FILES);
  /** Whether some of the files are still on their way to the kernel. */
  readonly isUploading = signal(false);
  /** What was picked beside the text: a command, and options by mode. */
  readonly command = signal<string | null>(null);
  readonly modes = signal<Beside["modes"]>({});
  readonly edit = signal<Edit | undefined>(undefined);
  /** The question that the user wants to answer, of several. */
  readonly picked = signal<string | undefined>(undefined);
  readonly #offers = signal<readonly Offer[]>([]);
  #recalled: string | undefined;

  get offers(): ReadonlySignal<readonly Offer[]> {
    return this.#offers;
  }

  /** Returns a text to the composer, or offers it when that would overwrite something. */
  giveBack(offer: Offer): void {
    if (this.#isBlank) this.#put(offer.content, offer);
    else this.#offers.value = [...this.#offers.value, offer];
  }

  /** Puts an offered text into the composer, after what is there. */
  accept(turn: string): void {
    const offer = this.#offers.value.find((each) => each.turn === turn);
    if (!offer) return;
    this.drop(turn);
    const text = this.text.value.trimEnd();
    this.#put(text === "" ? offer.content : `${text}\n\n${offer.content}`, offer);
  }

  #put(text: string, { files = NO_FILES, beside }: Offer): void {
    this.text.value = text;
    if (beside?.command) this.command.value = beside.command;
    if (files.size > 0) this.files.value = new Map([...this.files.value, ...files]);
  }

  /** Whether there is nothing to send. */
  get isEmpty(): boolean {
    return this.#isBlank && this.command.value === null;
  }

  get #isBlank(): boolean {
    return this.text.value.trim() === "" && this.files.value.size === 0;
  }

  drop(turn: string): void {
    this.#offers.value = this.#offers.value.filter((offer) => offer.turn !== turn);
  }

  /**
   * Steps through texts sent earlier, oldest first: `-1` to an older one, `1` to a newer one.
   *
   * Only in an empty composer, or from a recalled text that was not changed: a draft is never lost.
   */
  recall(sent: readonly string[], step: -1 | 1): boolean {
    const isRecalled = this.#recalled !== undefined && this.text.value === this.#recalled;
    if (this.text.value !== "" && !isRecalled) return false;
    const from = isRecalled ? sent.lastIndexOf(this.text.value) : sent.length;
    const text = from + step >= sent.length ? "" : sent[from + step];
    if (text === undefined || (text === "" && !isRecalled)) return false;
    this.#recalled = this.text.value = text;
    return true;
  }
}
