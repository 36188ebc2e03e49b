// What the user changes in the settings form, until it is confirmed. All views of a chat share it.

import { batch, effect, signal, untracked } from "@preact/signals";
import type { Field, FillForm } from "../protocol.ts";
import { randomId } from "../randomId.ts";
import type { Store } from "../store.ts";
import { offersOf } from "./offersOf.ts";

/** How long the user pauses before the app hears of a change. */
const EDIT_MS = 300;

export type Value = Field["value"];

const drafts = new WeakMap<Store, SettingsDraft>();

/** The one draft of a chat. */
export function settingsDraftOf(store: Store): SettingsDraft {
  const draft = drafts.get(store) ?? new SettingsDraft(store);
  drafts.set(store, draft);
  return draft;
}

export class SettingsDraft {
  readonly isOpen = signal(false);
  readonly #edits = signal<ReadonlyMap<string, Value>>(new Map());
  #shown: ReadonlyMap<string, string> = new Map();
  #sent: string | undefined;
  #told: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: Store) {
    effect(() => {
      const { settings, taken } = offersOf(store);
      untracked(() => this.#follow(inputsIn(settings), taken));
    });
  }

  /** What stands in an input. */
  valueOf({ id, value }: Field): Value {
    const edits = this.#edits.value;
    return edits.has(id) ? (edits.get(id) ?? null) : value;
  }

  /** Whether the user changed something that is not confirmed. */
  get isChanged(): boolean {
    return this.#edits.value.size > 0;
  }

  /** Whether the kernel has not shown yet that it took the form. */
  get isOnItsWay(): boolean {
    return this.store.asked.value.some((each) => each.type === "fill_form" && each.confirmed);
  }

  change({ id }: Field, value: Value): void {
    this.#edits.value = new Map(this.#edits.value).set(id, value);
    this.#tellSoon();
  }

  /** Puts the initial values in. */
  reset(): void {
    const inputs = inputsIn(offersOf(this.store).settings).filter(({ disabled }) => !disabled);
    this.#edits.value = new Map(inputs.map(({ id, initial }) => [id, initial]));
    this.#tellSoon();
  }

  /** Leaves all as it was. */
  cancel(): void {
    clearTimeout(this.#timer);
    batch(() => {
      this.#edits.value = new Map();
      this.isOpen.value = false;
    });
  }

  confirm(): void {
    clearTimeout(this.#timer);
    this.#told = undefined; // what was told before is not to be told again
    this.#sent = randomId();
    this.#send(this.#sent, true, () => false);
  }

  #tellSoon(): void {
    clearTimeout(this.#timer);
    if (!offersOf(this.store).edits) return;
    this.#timer = setTimeout(() => {
      const form = randomId();
      this.#told = form;
      this.#send(form, false, () => this.#told !== form); // a later one says it all
    }, EDIT_MS);
  }

  #send(form: string, confirmed: FillForm["confirmed"], isObsolete: () => boolean): void {
    const { store } = this;
    const { epoch } = store;
    const inputs = inputsIn(offersOf(store).settings);
    const values = Object.fromEntries(inputs.map((field) => [field.id, this.valueOf(field)]));
    const isTaken = () => store.picture.transcript?.offers?.taken === form || store.epoch !== epoch;
    store.ask({ type: "fill_form", epoch, form, values, confirmed }, () => isObsolete() || isTaken());
  }

  /** What the kernel changes is shown, whatever the user wrote there before. */
  #follow(inputs: readonly Field[], taken: string | null): void {
    const now = new Map(inputs.map(({ id, value }) => [id, JSON.stringify(value)]));
    const isAsBefore = (id: string) => now.has(id) && now.get(id) === this.#shown.get(id);
    const isDone = this.#sent !== undefined && taken === this.#sent;
    const kept = [...this.#edits.value].filter(([id]) => isAsBefore(id) && !isDone);
    this.#shown = now;
    if (isDone) this.#sent = undefined;
    batch(() => {
      if (kept.length < this.#edits.value.size) this.#edits.value = new Map(kept);
      // A form that goes does not come back open: it would take the focus from wherever it is then.
      if (isDone || inputs.length === 0) this.isOpen.value = false;
    });
  }
}

/** The inputs of a form, also those in tabs. */
export function inputsIn(fields: readonly Field[]): readonly Field[] {
  return fields.flatMap((field) => (field.type === "tab" ? field.inputs : [field]));
}
