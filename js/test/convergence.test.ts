import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { assertNever } from "../src/assertNever.ts";
import type { Comm, PacketListener } from "../src/comm.ts";
import type { Command, Event, Packet } from "../src/protocol.ts";
import type { Store } from "../src/store.ts";
import { Transcript } from "../src/transcript.ts";
import { newStore } from "./openStore.ts";
import { info, message, snapshot } from "./records.ts";

/** What becomes of a packet or a command on its way. */
type Fate = "arrives" | "is lost" | "arrives twice" | "is late";

const FATES = fc.constantFrom<Fate>("arrives", "arrives", "is lost", "arrives twice", "is late");
const LATE_MS = 300;
/** Finished turns that come at a time: the others are fetched. */
const PIECE = 1;

/** A line whose fates are given, and which delivers all once they are used up. */
class Line<Parcel> {
  #next = 0;

  constructor(
    private readonly fates: readonly Fate[],
    private readonly deliver: (parcel: Parcel) => void,
  ) {}

  send(parcel: Parcel): void {
    const fate = this.fates[this.#next++] ?? "arrives";
    if (fate === "is lost") return;
    setTimeout(() => this.deliver(parcel), fate === "is late" ? LATE_MS : 1);
    if (fate === "arrives twice") setTimeout(() => this.deliver(parcel), LATE_MS);
  }
}

/** As much of a kernel as numbers events and answers a page. */
class SmallKernel {
  transcript = new Transcript(info());
  epoch = 1;
  #journal: Event[] = [];

  constructor(private readonly send: (packet: Packet) => void) {}

  get seq(): number {
    return this.#journal.length;
  }

  emit(wanted: readonly Event[]): void {
    const first = this.#journal.length + 1;
    for (const event of wanted) {
      if (this.#isAboutFinishedTurn(event)) continue;
      this.transcript.apply(event);
      this.#journal.push(event);
    }
    const events = this.#journal.slice(first - 1);
    if (events.length > 0) this.send({ type: "events", epoch: this.epoch, first, events });
  }

  /** A turn that is over stays as it is and where it is: so it need not be in the snapshot. */
  #isAboutFinishedTurn(event: Event): boolean {
    return (
      event.type.startsWith("turn") && "id" in event && this.transcript.turn(event.id)?.status === "done"
    );
  }

  restart(): void {
    this.epoch += 1;
    this.#journal = [];
    this.transcript = new Transcript(info());
    this.#sendSnapshot();
  }

  beat(): void {
    this.send({ type: "head", epoch: this.epoch, seq: this.#journal.length });
  }

  receive(command: Command): void {
    if (command.type === "hello") this.#sendSnapshot();
    if (command.type === "resync") this.#answer(command.epoch, command.seq);
    if (command.type === "get_earlier") this.#sendEarlier(command.epoch, command.before);
    if (command.type === "user_message") this.#take(command.turn, command.content);
  }

  #take(turn: string, content: string): void {
    if (this.transcript.turn(turn)) return;
    const item = message(`m-${turn}`, content, { type: "user_message" });
    this.emit([
      { type: "turn", id: turn, status: "done" },
      { type: "item", turn, item },
    ]);
  }

  #answer(epoch: number, seq: number): void {
    if (epoch !== this.epoch) this.#sendSnapshot();
    else if (seq === this.#journal.length) this.beat();
    else this.send({ type: "events", epoch, first: seq + 1, events: this.#journal.slice(seq) });
  }

  #sendSnapshot(): void {
    const turns = this.transcript.records();
    const open = turns.findIndex(({ status }) => status !== "done");
    const earlier = Math.max(0, (open < 0 ? turns.length : open) - PIECE);
    const { epoch, seq } = this;
    this.send(snapshot({ epoch, seq, turns: turns.slice(earlier), earlier }));
  }

  #sendEarlier(epoch: number, before: string): void {
    const turns = this.transcript.records();
    const end = turns.findIndex(({ id }) => id === before);
    if (epoch !== this.epoch || end < 0) return;
    const earlier = Math.max(0, end - PIECE);
    this.send({ type: "earlier", epoch, seq: this.seq, before, turns: turns.slice(earlier, end), earlier });
  }
}

type Step =
  | { readonly kind: "emit"; readonly events: readonly Event[] }
  | { readonly kind: "restart" }
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "wait"; readonly ms: number };

const ids = fc.constantFrom("a", "b", "c");
/** An item never moves to another turn: the first letter names its own. */
const itemIds = fc.constantFrom("a1", "a2", "b1", "b2", "c1");
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    type: fc.constant("turn" as const),
    id: ids,
    status: fc.constantFrom("running" as const, "done" as const),
  }),
  itemIds.map((id) => ({ type: "item" as const, turn: id.charAt(0), item: message(id, "") })),
  fc.record({ type: fc.constant("token" as const), id: itemIds, text: fc.string({ maxLength: 3 }) }),
  fc.record({ type: fc.constant("item_removed" as const), id: itemIds }),
  fc.record({ type: fc.constant("turn_removed" as const), id: ids }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("emit" as const),
      events: fc.array(event, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "restart" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("say" as const), text: fc.constantFrom("one", "two") }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(1, 50, 500, 3000) }),
  },
);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.clearAllTimers();
});

test("whatever happens on the line, the page ends with the kernel's transcript", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 25 }),
      fc.array(FATES, { maxLength: 60 }),
      fc.array(FATES, { maxLength: 30 }),
      (steps, down, up) => {
        const { kernel, store, said } = play(steps, down, up);
        const shown = store.picture.transcript;
        expect(shown?.records()).toEqual(kernel.transcript.records());
        expect(store.outbox.value.map(({ turn }) => turn)).toEqual([]);
        expect(lost(said, kernel, store)).toEqual([]);
        store.close();
      },
    ),
    { numRuns: 150 },
  );
});

function play(steps: readonly Step[], down: readonly Fate[], up: readonly Fate[]) {
  const listeners = new Set<PacketListener>();
  const packets = new Line<Packet>(down, (packet) => {
    for (const listener of listeners) listener(packet, []);
  });
  const kernel = new SmallKernel((packet) => packets.send(structuredClone(packet)));
  const commands = new Line<Command>(up, (command) => kernel.receive(command));
  const comm: Comm = {
    send(command) {
      commands.send(command);
      return true;
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const store = newStore(comm);
  store.openView();
  const said = steps.filter((each) => each.kind === "say").map((each) => each.text);
  for (const each of steps) perform(each, kernel, store);
  // The kernel's beats go on until the page has all.
  for (let beat = 0; beat < 5; beat++) {
    vi.advanceTimersByTime(20_000);
    kernel.beat();
  }
  for (let piece = 0; store.earlier.value > 0 && piece < 20; piece++) {
    store.getEarlier();
    vi.advanceTimersByTime(60_000);
  }
  vi.advanceTimersByTime(20_000);
  return { kernel, store, said };
}

function perform(step: Step, kernel: SmallKernel, store: Store): void {
  switch (step.kind) {
    case "emit":
      kernel.emit(step.events);
      break;
    case "restart":
      kernel.restart();
      break;
    case "say":
      store.draft.text.value = step.text;
      store.sendDraft();
      break;
    case "wait":
      vi.advanceTimersByTime(step.ms);
      break;
    default:
      assertNever(step);
  }
}

/** What the user said that is neither in a transcript nor back in the composer. A restart ends what was said before. */
function lost(said: readonly string[], kernel: SmallKernel, store: Store): string[] {
  if (kernel.epoch > 1) return [];
  const kept = [
    ...kernel.transcript.records().flatMap(({ items }) => items.map(({ content }) => content)),
    ...store.draft.offers.value.map(({ content }) => content),
    store.draft.text.value,
  ];
  return said.filter((text) => !kept.includes(text));
}
