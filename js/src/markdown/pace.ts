export type Clock = () => number;

const CHEAP_MS = 3;
const REST_FACTOR = 8;
const LONGEST_REST_MS = 1_000;
/** A second of frames: more refusals in a row mean the clock stands still, as in a tight loop. */
const MOST_REFUSALS = 60;

/**
 * Decides whether the next frame of a streaming message may be drawn.
 *
 * After a frame that cost c ms the message rests for 8c, so that even a block of absurd size takes no more
 * than a ninth of the page's time.
 */
export class Pace {
  private restsUntil = Number.NEGATIVE_INFINITY;
  private refusals = 0;

  constructor(private readonly clock: Clock = () => performance.now()) {}

  now(): number {
    return this.clock();
  }

  /** Asking counts: after too many refusals the answer is yes. */
  mayDraw(): boolean {
    if (this.remaining() === 0 || this.refusals >= MOST_REFUSALS) {
      this.refusals = 0;
      return true;
    }
    this.refusals += 1;
    return false;
  }

  drew(cost: number): void {
    if (cost > CHEAP_MS) this.restsUntil = this.clock() + Math.min(cost * REST_FACTOR, LONGEST_REST_MS);
  }

  /** Milliseconds until the rest is over. */
  remaining(): number {
    return Math.max(0, this.restsUntil - this.clock());
  }
}
