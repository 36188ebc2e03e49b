// Keeps the picture in step with the kernel over a line that may lose, repeat and reorder packets.
//
// The page knows where it is (`position`) and how far it has heard that the kernel is (`known`). While it is
// behind, it ignores what does not connect, and asks until it gets what it lacks. Asking has three reasons:
// a view was opened (hello), something is missing (resync), or it has been too quiet (resync, as a probe).
//
// What it did not ask for it acknowledges, but seldom: with each command the host's page shows a kernel that is
// busy and idle again, which costs more than drawing some words.

import { type ReadonlySignal, signal } from "@preact/signals";
import { furthest, isAhead, NOWHERE, type Position } from "./position.ts";
import { type Command, type Event, type Events, PROTOCOL_VERSION, type Snapshot } from "./protocol.ts";
import { type Pace, Retry } from "./retry.ts";

const ASKING: Pace = { first: 1000, limit: 5000, tries: 12 };
/** Packets that are acknowledged at once: half of what the kernel lets be on the way. */
const ACK_PACKETS = 48;
/** What is fewer by then is acknowledged, too: before the kernel asks, which it does after a second. */
const ACK_MS = 750;
/** When all is said there is nothing to wait for, and the next question may come soon. */
const LAST_ACK_MS = 200;
const QUIET_MS = 5000;
const STALE_SHOWS_MS = 1000;
const UNANSWERED_SHOWS_MS = 2000;

/** What the reader is told about the line: `lost` means that nothing more happens by itself. */
export type Connection = "connecting" | "live" | "reconnecting" | "lost";

/** What `Sync` needs from its owner. */
export interface SyncOwner {
  send(command: Command): void;
  apply(events: readonly Event[]): void;
  replace(snapshot: Snapshot): void;
}

type Timer = ReturnType<typeof setTimeout> | undefined;

export class Sync {
  readonly #connection = signal<Connection>("connecting");
  readonly #asking = new Retry(
    () => this.#ask(),
    ASKING,
    () => this.lose(),
  );
  #position = NOWHERE;
  #known = NOWHERE;
  #isOpen = false;
  #isNew = true; // no view has gone yet
  #isGreeting = false;
  #isProbing = false;
  #isBusy = false;
  #heardAt = 0;
  #unacknowledged = 0;
  #ackTimer: Timer;
  #troubleTimer: Timer;
  #quietTimer: Timer;

  constructor(
    private readonly owner: SyncOwner,
    private readonly page: string,
  ) {}

  get connection(): ReadonlySignal<Connection> {
    return this.#connection;
  }

  get position(): Position {
    return this.#position;
  }

  /** A view is shown: say hello, unless a picture came unasked. Then the kernel counts on this page, and on no answer. */
  open(): void {
    this.#isOpen = true;
    this.#isGreeting = !this.#isNew || !this.#hasPicture;
    if (this.#unacknowledged > 0) this.#oweAcknowledgement();
    this.#attend();
  }

  /** No view is shown: go quiet. Packets are still taken, for the next view. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#isNew = this.#isGreeting = this.#isProbing = false;
    this.#stopTimers();
    this.owner.send({ type: "bye", page: this.page });
  }

  /** Something unusual happened (the tab is back, the network is back): is the kernel still there? */
  probe(): void {
    this.#isProbing = true;
    if (this.#connection.value === "lost")
      this.#connection.value = this.#hasPicture ? "reconnecting" : "connecting";
    this.#attend();
  }

  /** Whether news are due: then silence is suspicious. */
  setBusy(isBusy: boolean): void {
    if (this.#ackTimer !== undefined && this.#isBusy && !isBusy) {
      clearTimeout(this.#ackTimer);
      this.#ackTimer = setTimeout(() => this.#acknowledge(), LAST_ACK_MS);
    }
    this.#isBusy = isBusy;
    this.#attend();
  }

  /** The line is down, or nobody answers. Nothing happens until the user acts or a packet comes. */
  lose(): void {
    this.#stopTimers();
    this.#isProbing = false;
    this.#connection.value = "lost";
  }

  /** The other side is there: it said something. */
  heard(): void {
    this.#heardAt = Date.now();
    this.#isProbing = false;
    if (this.#connection.value === "lost") this.#connection.value = this.#hasPicture ? "live" : "connecting";
    this.#attend();
  }

  receiveEvents({ epoch, first, events }: Events): void {
    if (this.#hasPicture) this.#isGreeting = false;
    const last = { epoch, seq: first + events.length - 1 };
    this.#known = furthest(this.#known, last);
    const connects = epoch === this.#position.epoch && first <= this.#position.seq + 1;
    if (connects && isAhead(last, this.#position)) {
      const news = events.slice(this.#position.seq + 1 - first);
      this.#moveTo(last);
      this.#oweAcknowledgement();
      this.owner.apply(news);
    }
    this.#attend();
  }

  receiveSnapshot(snapshot: Snapshot): void {
    this.#isGreeting = false;
    const { epoch, seq } = snapshot;
    if (!this.#hasPicture || isAhead(snapshot, this.#position)) {
      this.#moveTo({ epoch, seq });
      // Who asks until it is answered need not say that it was: the kernel counts on it.
      if (this.#isOpen && !this.#asking.isRunning) this.#oweAcknowledgement();
      this.owner.replace(snapshot);
    }
    this.#attend();
  }

  /** The kernel says how far it is. */
  receiveHead({ epoch, seq }: Position): void {
    if (this.#hasPicture) this.#isGreeting = false;
    this.#known = furthest(this.#known, { epoch, seq });
    if (!this.#asking.isRunning) this.#acknowledge();
    this.#attend();
  }

  get #hasPicture(): boolean {
    return this.#position.epoch > 0;
  }

  get #isStale(): boolean {
    return this.#hasPicture && isAhead(this.#known, this.#position);
  }

  #moveTo(position: Position): void {
    this.#position = position;
    this.#known = furthest(this.#known, position);
  }

  #oweAcknowledgement(): void {
    this.#unacknowledged += 1;
    if (this.#unacknowledged >= ACK_PACKETS) this.#acknowledge();
    else if (this.#isOpen) this.#ackTimer ??= setTimeout(() => this.#acknowledge(), ACK_MS);
  }

  #acknowledge(): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#unacknowledged = 0;
    if (this.#isOpen && this.#hasPicture)
      this.owner.send({ type: "ack", page: this.page, ...this.#position });
  }

  #ask(): void {
    const where = { page: this.page, ...this.#position };
    this.owner.send(
      this.#isGreeting
        ? { type: "hello", protocol: PROTOCOL_VERSION, ...where }
        : { type: "resync", ...where },
    );
  }

  /** Brings timers and the shown state in line with what is known. Called after each change. */
  #attend(): void {
    if (!this.#isOpen) return;
    const isAsking = this.#isGreeting || this.#isStale || this.#isProbing;
    if (isAsking) this.#pursue();
    else this.#rest();
  }

  #pursue(): void {
    clearTimeout(this.#quietTimer);
    this.#quietTimer = undefined;
    const delay = this.#isStale ? STALE_SHOWS_MS : UNANSWERED_SHOWS_MS;
    this.#troubleTimer ??= setTimeout(() => this.#showTrouble(), delay);
    this.#asking.start();
  }

  #showTrouble(): void {
    this.#troubleTimer = undefined; // a picture that comes now may be behind, too
    if (this.#hasPicture && this.#connection.value !== "lost") this.#connection.value = "reconnecting";
  }

  #rest(): void {
    this.#asking.stop();
    clearTimeout(this.#troubleTimer);
    this.#troubleTimer = undefined;
    if (this.#hasPicture && this.#connection.value !== "lost") this.#connection.value = "live";
    this.#listenForSilence();
  }

  #listenForSilence(): void {
    if (!this.#isBusy || this.#connection.value !== "live") {
      clearTimeout(this.#quietTimer);
      this.#quietTimer = undefined;
      return;
    }
    const wait = Math.max(this.#heardAt + QUIET_MS - Date.now(), 0);
    this.#quietTimer ??= setTimeout(() => this.#endSilence(), wait);
  }

  #endSilence(): void {
    this.#quietTimer = undefined;
    if (Date.now() - this.#heardAt >= QUIET_MS) this.probe();
    else this.#listenForSilence();
  }

  #stopTimers(): void {
    this.#asking.stop();
    for (const timer of [this.#ackTimer, this.#troubleTimer, this.#quietTimer]) clearTimeout(timer);
    this.#ackTimer = this.#troubleTimer = this.#quietTimer = undefined;
  }
}
