/** Hidden tabs draw no frames: there the work is done this many milliseconds later. */
const HIDDEN_TAB_MS = 250;

/** Does the work in the next frame, once; call what it returns to call it off. */
export function inNextFrame(work: () => void): () => void {
  const run = () => {
    cancel();
    work();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, HIDDEN_TAB_MS);
  const cancel = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return cancel;
}

/** Does its work at once, and then no more than once per animation frame, however often it is asked to. */
export class Frame {
  #cancelNext: (() => void) | undefined;
  #isAsked = false;

  constructor(private readonly work: () => void) {}

  request(): void {
    this.#isAsked = true;
    if (!this.#cancelNext) this.#run();
  }

  cancel(): void {
    this.#cancelNext?.();
    this.#cancelNext = undefined;
    this.#isAsked = false;
  }

  #run(): void {
    const isAsked = this.#isAsked;
    this.cancel();
    if (!isAsked) return;
    this.work();
    this.#cancelNext = inNextFrame(() => this.#run());
  }
}
