/** Hidden tabs draw no frames: there the work is done this many milliseconds later. */
const HIDDEN_TAB_MS = 250;

/** Does its work once per animation frame, however often it is asked to. */
export class Frame {
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly work: () => void) {}

  request(): void {
    if (this.#timer !== undefined) return;
    this.#frame = requestAnimationFrame(() => this.#run());
    this.#timer = setTimeout(() => this.#run(), HIDDEN_TAB_MS);
  }

  cancel(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = this.#timer = undefined;
  }

  #run(): void {
    this.cancel();
    this.work();
  }
}
