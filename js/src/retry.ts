/** How an action is repeated: after `first` ms, then at doubling intervals up to `limit`, `tries` times in all. */
export interface Pace {
  readonly first: number;
  readonly limit: number;
  readonly tries: number;
}

/**
 * Repeats an action until it is stopped or was tried often enough.
 *
 * It gives up in the end, so that a page whose kernel is gone has no timers.
 */
export class Retry {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tried = 0;

  constructor(
    private readonly action: () => void,
    private readonly pace: Pace,
    private readonly onGivenUp: () => void = () => {},
  ) {}

  get isRunning(): boolean {
    return this.#timer !== undefined;
  }

  /** Acts now, and again and again. Changes nothing while it runs already. */
  start(): void {
    if (this.isRunning) return;
    this.#tried = 0;
    this.#act();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #act(): void {
    const { first, limit } = this.pace;
    // The timer comes first: the action may stop it.
    this.#timer = setTimeout(() => this.#again(), Math.min(first * 2 ** this.#tried, limit));
    this.#tried += 1;
    this.action();
  }

  #again(): void {
    this.#timer = undefined;
    if (this.#tried < this.pace.tries) this.#act();
    else this.onGivenUp();
  }
}
