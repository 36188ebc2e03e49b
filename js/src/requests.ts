// What this page asked the kernel to do, until the transcript shows that it is done. This state never leaves the page.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Command } from "./protocol.ts";
import { type Pace, Retry } from "./retry.ts";

const ASKING: Pace = { first: 2000, limit: 10_000, tries: 12 };

export type Request = Extract<
  Command,
  {
    type:
      | "answer"
      | "click"
      | "post_window"
      | "rate"
      | "stop"
      | "withdraw"
      | "restart"
      | "show_branch"
      | "restore"
      | "get_earlier"
      | "change_props"
      | "call_action"
      | "remove_element"
      | "close_sidebar"
      | "fill_form";
  }
>;

interface Open {
  readonly request: Request;
  readonly isDone: () => boolean;
  readonly onDone: () => void;
  readonly retry: Retry;
}

/** Repeats each request until it is done. All of them name what they mean, so repeating changes nothing. */
export class Requests {
  readonly #asked = signal<readonly Request[]>([]);
  readonly #open = new Map<string, Open>();

  constructor(private readonly send: (command: Command) => void) {}

  /** Whether this was asked for and is not done. Reading it in a component subscribes the component. */
  isOpen(request: Request): boolean {
    const key = keyOf(request);
    return this.#asked.value.some((each) => keyOf(each) === key);
  }

  /** What was asked for and is not done. */
  get asked(): ReadonlySignal<readonly Request[]> {
    return this.#asked;
  }

  ask(request: Request, isDone: () => boolean, onDone: () => void = () => {}): void {
    const key = keyOf(request);
    if (this.#open.has(key)) return;
    const retry = new Retry(
      () => this.send(request),
      ASKING,
      () => this.#close(key),
    );
    this.#open.set(key, { request, isDone, onDone, retry });
    this.#publish();
    retry.start();
  }

  /** Looks which requests are done. Called after each change of the transcript. */
  settle(): void {
    for (const [key, { isDone, onDone }] of [...this.#open]) {
      if (!isDone()) continue;
      this.#close(key);
      onDone();
    }
  }

  /** Gives all up: the user may ask again. */
  close(): void {
    for (const key of [...this.#open.keys()]) this.#close(key);
  }

  #close(key: string): void {
    this.#open.get(key)?.retry.stop();
    this.#open.delete(key);
    this.#publish();
  }

  #publish(): void {
    this.#asked.value = [...this.#open.values()].map(({ request }) => request);
  }
}

function keyOf(request: Request): string {
  return Object.values(request).join(" ");
}
