// Pages without a browser, for tests/faults: real stores, in a process of their own, whose clock the test drives.
//
// Each line of the input is an order, each line of the output what came of it: the commands that the pages sent
// meanwhile, when the next timer is due, and how the pages are.

import { createInterface } from "node:readline";
import { click, isClicked } from "../../src/asking/clicks.ts";
import { assertNever } from "../../src/assertNever.ts";
import { openComm } from "../../src/comm.ts";
import type { CustomMessageListener, Model } from "../../src/model.ts";
import type { Item, Packet } from "../../src/protocol.ts";
import { Store } from "../../src/store.ts";
import { isActive } from "../../src/transcript.ts";
import { userMessage } from "../../src/userMessages.ts";
import { Clock } from "./clock.ts";

type Act =
  | {
      readonly do:
        | "open"
        | "crash"
        | "leave"
        | "restart"
        | "stop"
        | "withdraw"
        | "scroll up"
        | "try again"
        | "look";
    }
  | { readonly do: "receive" | "say"; readonly text: string }
  | { readonly do: "click"; readonly which: number }
  | { readonly do: "line"; readonly isDown: boolean };

/** Without a page: only time passes, or everything starts over. */
type Order =
  | { readonly now: number; readonly do: "wait" | "reset" }
  | ({ readonly now: number; readonly page: string } & Act);

interface Position {
  readonly epoch: number;
  readonly seq: number;
}

class Page {
  readonly store: Store;
  readonly sent: string[] = [];
  readonly #listeners = new Set<CustomMessageListener>();
  readonly #document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  readonly #window = new EventTarget();
  #position: Position = { epoch: 0, seq: 0 };
  #arriving: Position = this.#position;
  isDown = false;

  constructor(name: string) {
    this.store = new Store(openComm(this.#model()), name);
    this.#observe();
    Object.assign(globalThis, { document: this.#document, window: this.#window });
    this.store.openView();
  }

  receive(text: string): void {
    const packet = JSON.parse(text) as Packet;
    if (packet.type === "snapshot") this.#arriving = packet;
    for (const listener of [...this.#listeners]) listener({ text });
  }

  /** The tab is closed or loaded anew. */
  leave(): void {
    this.#window.dispatchEvent(new Event("pagehide"));
    this.store.close();
  }

  say(text: string): void {
    const { draft } = this.store;
    const before = draft.text.value;
    draft.text.value = text;
    this.store.sendDraft();
    if (draft.text.value === "") draft.text.value = before;
  }

  /** Returns the text that is asked back. */
  withdraw(): string | undefined {
    const { transcript } = this.store.picture;
    const queued = [...(transcript?.turns ?? [])].find(({ status }) => status === "queued");
    if (!transcript || !queued) return undefined;
    this.store.withdraw(queued.id);
    return userMessage(transcript, queued.id)?.content;
  }

  /** Clicks one of the buttons that are there, unless it is clicked already; returns what stands on it. */
  click(which: number): string | undefined {
    const { transcript } = this.store.picture;
    const items = [...(transcript?.turns ?? [])].flatMap(({ items }) =>
      items.map((id) => transcript?.item(id)),
    );
    const buttons = items.filter((item) => item?.kind === "action");
    const button = buttons[which % buttons.length];
    if (!button || isClicked(this.store, button.id)) return undefined;
    click(this.store, button.id);
    return button.content;
  }

  stop(): void {
    const turn = this.store.current.value;
    if (turn !== undefined) this.store.stop(turn);
  }

  /** What can be said of it in few words. */
  get state() {
    const { connection, outbox, picture } = this.store;
    const isWorking = [...(picture.transcript?.turns ?? [])].some(isActive);
    const isSending = outbox.value.some((pending) => !pending.isKnown && !pending.isStuck);
    return { ...this.#position, connection: connection.value, isBusy: isWorking || isSending };
  }

  /** What its reader sees. */
  get sight() {
    const { picture, outbox, asked, draft } = this.store;
    const turns = picture.turnIds.value.flatMap((id) => picture.turn(id).value ?? []);
    const withParts = (id: string): Item[] => {
      const shown = picture.item(id).value;
      return shown ? [shown.item, ...shown.children.flatMap(withParts)] : [];
    };
    return {
      info: picture.info.value ?? null,
      earlier: this.store.earlier.value,
      turns: turns.map(({ id, status, items, siblings }) => ({
        id,
        status,
        items: items.flatMap(withParts),
        siblings: [...siblings],
      })),
      asked: asked.value,
      outbox: outbox.value.map(({ content, isKnown }) => ({ content, isKnown })),
      composer: [draft.text.value, ...draft.offers.value.map(({ content }) => content)].filter(Boolean),
    };
  }

  /** Follows where the picture is, from what the store gives it. */
  #observe(): void {
    const { picture } = this.store;
    const [apply, replace] = [picture.apply.bind(picture), picture.replace.bind(picture)];
    picture.apply = (events) => {
      this.#position = { ...this.#position, seq: this.#position.seq + events.length };
      apply(events);
    };
    picture.replace = (transcript) => {
      this.#position = { epoch: this.#arriving.epoch, seq: this.#arriving.seq };
      replace(transcript);
    };
  }

  #model(): Model {
    return {
      on: (_, listener) => this.#listeners.add(listener),
      off: (_, listener) => this.#listeners.delete(listener),
      send: ({ text }) => {
        if (this.isDown) throw new Error("The connection is closed.");
        this.sent.push(text);
      },
    };
  }
}

const clock = new Clock();
const pages = new Map<string, Page>();
const lastWords: [string, string][] = [];

function perform(order: Order): unknown {
  if (!("page" in order)) return order.do === "reset" && reset();
  if (order.do === "open") return open(order.page);
  const page = pages.get(order.page);
  return page ? act(page, order) : null;
}

function open(name: string): void {
  pages.set(name, new Page(name));
}

function act(page: Page, order: Extract<Order, { page: string }>): unknown {
  switch (order.do) {
    case "receive":
      return page.receive(order.text);
    case "say":
      return page.say(order.text);
    case "click":
      return page.click(order.which);
    case "line":
      page.isDown = order.isDown;
      return;
    case "restart":
      return page.store.restart();
    case "stop":
      return page.stop();
    case "withdraw":
      return page.withdraw();
    case "scroll up":
      return page.store.getEarlier();
    case "try again":
      return page.store.tryAgain();
    case "look":
      return page.sight;
    case "open":
      return;
    case "crash":
    case "leave":
      return close(order.page, page, order.do === "leave");
    default:
      return assertNever(order);
  }
}

/** Returns what its reader saw last. */
function close(name: string, page: Page, isOrderly: boolean) {
  const { sight } = page;
  if (isOrderly) page.leave();
  else page.isDown = true;
  page.store.close();
  for (const text of page.sent) lastWords.push([name, text]);
  pages.delete(name);
  return sight;
}

function reset(): void {
  for (const page of pages.values()) page.store.close();
  pages.clear();
  lastWords.length = 0;
  clock.reset();
}

function collect(): [string, string][] {
  const commands = lastWords.splice(0);
  for (const [name, page] of pages) for (const text of page.sent.splice(0)) commands.push([name, text]);
  return commands;
}

clock.install();
createInterface({ input: process.stdin }).on("line", (line) => {
  const order = JSON.parse(line) as Order;
  if (order.do !== "reset") clock.passTo(order.now);
  const result = perform(order) ?? null;
  const states = Object.fromEntries([...pages].map(([name, page]) => [name, page.state]));
  process.stdout.write(`${JSON.stringify({ result, commands: collect(), next: clock.next, states })}\n`);
});
