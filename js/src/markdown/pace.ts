export type Clock = () => number;

const CHEAP_MS = 3;
const REST_FACTOR = 3;
/** From here on the rest grows with the square of the cost. */
const DEAR_MS = 12;
const LONGEST_REST_MS = 1_000;
/** A second of frames: more refusals in a row mean the clock stands still, as in a tight loop. */
const MOST_REFUSALS = 60;

/**
 * Decides whether the next frame of a streaming message may be drawn.
 *
 * After a frame of ordinary cost c the message rests for 3c: it takes a quarter of the page's time at most, and
 * where c is only so long because others have the processor, the text is not late for it. What costs much is a
 * block of absurd size; it takes the less of the page's time the more it costs: a ninth at 32 ms.
 */
export class Pace {
  #restsUntil = Number.NEGATIVE_INFINITY;
  #refusals = 0;

  constructor(private readonly clock: Clock = () => performance.now()) {}

  now(): number {
    return this.clock();
  }

  /** Asking counts: after too many refusals the answer is yes. */
  mayDraw(): boolean {
    if (this.remaining() === 0 || this.#refusals >= MOST_REFUSALS) {
      this.#refusals = 0;
      return true;
    }
    this.#refusals += 1;
    return false;
  }

  drew(cost: number): void {
    if (cost <= CHEAP_MS) return;
    const rest = cost * REST_FACTOR * Math.max(1, cost / DEAR_MS);
    this.#restsUntil = this.clock() + Math.min(rest, LONGEST_REST_MS);
  }

  /** Milliseconds until the rest is over. */
  remaining(): number {
    return Math.max(0, this.#restsUntil - this.clock());
  }
}
