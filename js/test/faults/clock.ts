// Time that passes when it is told to. The page's timers, frames and clock are replaced by these.

interface Timer {
  readonly id: number;
  readonly due: number;
  readonly work: () => void;
}

const FRAME_MS = 16;
/** As in a browser, no timer is done at once: so one that is set again and again lets time pass. */
const LEAST_MS = 1;
const MOST_TIMERS = 100_000;
/** The two sides count in seconds and in milliseconds: they may differ by a rounding error. */
const ROUNDING_MS = 0.001;

export class Clock {
  now = 0;
  readonly #timers = new Map<number, Timer>();
  #last = 0;

  /** Replaces the timers of this process. */
  install(): void {
    const setTimer = (work: () => void, ms = 0) => this.#set(work, ms);
    const clearTimer = (id: number | undefined) => this.#clear(id);
    Date.now = () => Math.floor(this.now);
    Object.assign(globalThis, {
      setTimeout: setTimer,
      clearTimeout: clearTimer,
      requestAnimationFrame: (work: () => void) => this.#set(work, FRAME_MS),
      cancelAnimationFrame: clearTimer,
    });
  }

  /** When the next timer is due. */
  get next(): number | null {
    return this.#first()?.due ?? null;
  }

  /** Lets time pass until `now`; what is due on the way is done, in order. */
  passTo(now: number): void {
    let done = 0;
    for (let timer = this.#first(); timer && timer.due <= now + ROUNDING_MS; timer = this.#first()) {
      if (++done > MOST_TIMERS)
        throw new Error(`More than ${MOST_TIMERS} timers by ${now} ms: somebody spins.`);
      this.#timers.delete(timer.id);
      this.now = Math.max(this.now, timer.due);
      timer.work();
    }
    this.now = Math.max(this.now, now);
  }

  /** Starts over, without timers. */
  reset(): void {
    this.#timers.clear();
    this.now = 0;
  }

  #set(work: () => void, ms: number): number {
    const id = ++this.#last;
    this.#timers.set(id, { id, due: this.now + Math.max(ms, LEAST_MS), work });
    return id;
  }

  #clear(id: number | undefined): void {
    if (id !== undefined) this.#timers.delete(id);
  }

  #first(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers.values()) if (!first || timer.due < first.due) first = timer;
    return first;
  }
}
