// What the user is writing. This state never leaves the page; all views of a chat share it.

import { type ReadonlySignal, signal } from "@preact/signals";

/** A text that came back while the composer held another one. */
export interface Offer {
  readonly turn: string;
  readonly content: string;
}

/** A message that is being written again. */
export interface Edit {
  readonly turn: string;
  readonly content: string;
}

export class Draft {
  readonly text = signal("");
  readonly edit = signal<Edit | undefined>(undefined);
  readonly #offers = signal<readonly Offer[]>([]);
  #recalled: string | undefined;

  get offers(): ReadonlySignal<readonly Offer[]> {
    return this.#offers;
  }

  /** Returns a text to the composer, or offers it when that would overwrite something. */
  giveBack(offer: Offer): void {
    if (this.text.value.trim() === "") this.text.value = offer.content;
    else this.#offers.value = [...this.#offers.value, offer];
  }

  /** Puts an offered text into the composer, after what is there. */
  accept(turn: string): void {
    const offer = this.#offers.value.find((each) => each.turn === turn);
    if (!offer) return;
    this.drop(turn);
    const text = this.text.value.trimEnd();
    this.text.value = text === "" ? offer.content : `${text}\n\n${offer.content}`;
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
