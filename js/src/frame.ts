/** Hidden tabs draw no frames: there the work is done this many milliseconds later. */
const HIDDEN_TAB_MS = 250;

/** Does its work at once, and then no more than once per animation frame, however often it is asked to. */
export class Frame {
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAsked = false;

  constructor(private readonly work: () => void) {}

  request(): void {
    this.#isAsked = true;
    if (this.#timer === undefined) this.#run();
  }

  cancel(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = this.#timer = undefined;
    this.#isAsked = false;
  }

  #run(): void {
    const isAsked = this.#isAsked;
    this.cancel();
    if (!isAsked) return;
    this.work();
    this.#frame = requestAnimationFrame(() => this.#run());
    this.#timer = setTimeout(() => this.#run(), HIDDEN_TAB_MS);
  }
}
