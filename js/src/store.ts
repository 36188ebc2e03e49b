// One chat in this page: what its views show, and what a user can do there. Views know the store and nothing
// behind it.
//
//     comm ──packets──▶ sync ──events──▶ picture (transcript as signals) ──▶ views
//     comm ◀─commands── sync, outbox, requests ◀──intents─── store ◀──────── views

import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { assertNever } from "./assertNever.ts";
import { Assets } from "./assets.ts";
import { type ChunkName, Chunks, loadChunks } from "./chunks.ts";
import type { Comm } from "./comm.ts";
import { Draft, NO_FILES } from "./draft.ts";
import { type Beside, NOTHING_BESIDE, Outbox, type Pending } from "./outbox.ts";
import { Picture } from "./picture.ts";
import {
  type AskItem,
  type Command,
  type DropFile,
  type Earlier,
  type Event,
  type FileState,
  type Inspect,
  type Inspection,
  MAX_MESSAGE_CHARS,
  type Packet,
  type PutFile,
  type Refused,
  type SetValue,
  type Snapshot,
  type StopInspecting,
  type Toast,
} from "./protocol.ts";
import { randomId } from "./randomId.ts";
import { makeRoom, receiveFile } from "./registry.ts";
import { type Request, Requests } from "./requests.ts";
import { type Connection, Sync } from "./sync.ts";
import { isActive, Transcript, type TurnStatus } from "./transcript.ts";
import { userMessage, userMessages } from "./userMessages.ts";
import { watchPage } from "./watchPage.ts";

const UPLOADING = "The files are still on their way to the kernel. Wait for them, or take them away.";
const MOST_TOASTS = 3;
const BUSY = "The conversation can go to another point when the answer is there. Wait for it, or stop it.";

/** What a message says, and what goes with it. */
type Words = Pick<Pending, "content"> & Partial<Pick<Pending, "replaces" | "answers" | "files" | "beside">>;

export class Store {
  readonly draft = new Draft();
  readonly picture = new Picture(() => this.#tidyOutbox());
  readonly assets: Assets;
  readonly chunks: Chunks;
  readonly #outbox: Outbox;
  readonly #requests: Requests;
  readonly #sync: Sync;
  readonly #notice = signal<string | undefined>(undefined);
  readonly #incompatible = signal<string | undefined>(undefined);
  readonly #earlier = signal(0);
  readonly #unlisten: () => void;
  /** Hears what the kernel has of files; set by the lazy part that sends them. */
  onFile: (state: FileState) => void = () => {};
  /** What the App says to the window around the chat, until it is said there. */
  readonly forWindow = signal<readonly unknown[]>([]);
  /** Messages of the window that the kernel has. */
  readonly heard = new Set<string>();
  #views = 0;
  #unwatch = () => {};

  /** Notices that pass by, oldest first; the lazy part that shows them takes them away. */
  readonly toasts = signal<readonly Toast[]>([]);
  /** Whether something is offered that a lazy part shows. */
  readonly hasOffers: ReadonlySignal<boolean> = computed(() => {
    const { profiles, starters, commands, modes, settings } = this.picture.offers.value ?? {};
    return [this.toasts.value, profiles, starters, commands, modes, settings].some((list) => list?.length);
  });

  /** The session that an inspector shows, as it is now: the latest packet of whichever chat. */
  readonly inspection = signal<Inspection | undefined>(undefined);
  /** Whether the user wants to see the state of the session. */
  readonly isInspecting = signal(false);

  /** Whether the user can write: the conversation goes on, and page and kernel understand each other. */
  readonly isWritable: ReadonlySignal<boolean> = computed(
    () => this.#incompatible.value === undefined && !this.picture.info.value?.ended,
  );

  /** Whether the conversation can go to another point: nothing runs, waits, or is on its way. */
  readonly canBranch: ReadonlySignal<boolean> = computed(
    () => this.isWritable.value && this.picture.line.value.length === 0 && this.outbox.value.length === 0,
  );

  /** The questions that a text answers, oldest first; without those whose answer is on its way. */
  readonly questions: ReadonlySignal<readonly AskItem[]> = computed(() =>
    this.picture.asks.value
      .map((id) => this.picture.item(id).value?.item)
      .filter((item) => item?.kind === "ask")
      .filter(({ id, type }) => type === "text" && !this.outbox.value.some(({ answers }) => answers === id)),
  );

  /** The question that the composer answers: the one that was picked, else the oldest. */
  readonly question: ReadonlySignal<AskItem | undefined> = computed(() => {
    const questions = this.questions.value;
    return questions.find(({ id }) => id === this.draft.picked.value) ?? questions[0];
  });

  /**
   * What the stop button means: the first turn that runs, waits, or is on its way. Where there is none, a callback
   * that runs aside and asks.
   */
  readonly current: ReadonlySignal<string | undefined> = computed(
    () =>
      this.picture.line.value[0] ??
      this.outbox.value.find((pending) => !pending.isStuck)?.turn ??
      this.picture.asks.value[0],
  );

  constructor(
    private readonly comm: Comm,
    readonly page: string = randomId(),
    load?: (name: ChunkName) => Promise<unknown>,
    /** Whether it is no chat, but shows the states of some. */
    readonly isBoard = false,
  ) {
    const send = (command: Command) => this.#send(command);
    this.assets = new Assets(send);
    this.chunks = new Chunks(load ?? loadChunks(this.assets));
    this.#outbox = new Outbox(send);
    this.#requests = new Requests(send);
    this.#sync = new Sync(
      {
        send,
        apply: (events) => this.#change(() => this.#apply(events)),
        replace: (snapshot) => this.#change(() => this.#replace(snapshot)),
      },
      page,
    );
    this.#unlisten = comm.listen((packet, buffers) => this.#receive(packet, buffers));
  }

  get connection(): ReadonlySignal<Connection> {
    return this.#sync.connection;
  }

  /** Messages that the transcript does not show yet. */
  get outbox(): ReadonlySignal<readonly Pending[]> {
    return this.#outbox.entries;
  }

  /** How many turns the kernel has before the first one that is here. */
  get earlier(): ReadonlySignal<number> {
    return this.#earlier;
  }

  /** What the kernel would not do, for the user to read. */
  get notice(): ReadonlySignal<string | undefined> {
    return this.#notice;
  }

  /** Why this page and the kernel cannot talk, if so. */
  get incompatible(): ReadonlySignal<string | undefined> {
    return this.#incompatible;
  }

  /** A view is shown. Returns what to call when it is no more. */
  openView(): () => void {
    if (this.#views === 0) this.#wake();
    this.#views += 1;
    let isOpen = true;
    return () => {
      if (isOpen) this.#closeView();
      isOpen = false;
    };
  }

  close(): void {
    this.#views = 0;
    this.#rest();
    this.#unlisten();
    this.assets.close();
    this.picture.close();
  }

  // ── Files ───────────────────────────────────────────────────────────────────────────────────────

  /** Sends a part of a file, or takes the file back; tells whether it could leave the page. */
  put(command: PutFile | DropFile, part?: ArrayBuffer): boolean {
    return this.#send(command, part && [part]);
  }

  /** Which conversation this is, among those of the chat. */
  get epoch(): number {
    return this.#sync.position.epoch;
  }

  // ── Intents ──────────────────────────────────────────────────────────────────────────────────────

  /** Sends the draft. */
  sendDraft(): void {
    const { text, files, isUploading } = this.draft;
    const answers = this.question.value?.id ?? null;
    if (isUploading.value && answers === null) {
      this.#notice.value = UPLOADING;
      return;
    }
    const content = text.value;
    if (answers !== null) {
      // It takes nothing but the text: the rest waits for the next message.
      this.#say({ content, answers }, () => {
        text.value = "";
      });
      return;
    }
    this.#say({ content, files: files.value, beside: this.#beside(this.draft.command.value) }, () => {
      text.value = "";
      files.value = NO_FILES;
      this.#useCommand();
    });
  }

  /** Begins to write a message of the user again. */
  beginEdit(turn: string): void {
    this.draft.edit.value = { turn, content: this.#wordsOf(turn).content };
  }

  /** Sends the message that was written again, in the place of the old one. */
  sendEdit(): void {
    const edit = this.draft.edit.value;
    if (!edit || !this.canBranch.value) return;
    this.#say({ ...this.#wordsOf(edit.turn), content: edit.content, replaces: edit.turn }, () => {
      this.draft.edit.value = undefined;
    });
  }

  /** Asks again what the user asked in a turn. */
  askAgain(turn: string): void {
    if (this.#mayBranch()) this.#say({ ...this.#wordsOf(turn), replaces: turn });
  }

  /** Goes to the branch that begins with `turn`. */
  showBranch(turn: string): void {
    if (!this.#mayBranch()) return;
    const { epoch } = this.#sync.position;
    const isThere = () => this.#statusOf(turn) !== undefined || this.#sync.position.epoch !== epoch;
    this.#requests.ask({ type: "show_branch", epoch, turn }, isThere);
  }

  #mayBranch(): boolean {
    if (!this.canBranch.value && this.isWritable.value) this.#notice.value = BUSY;
    return this.canBranch.value;
  }

  /** Goes on with the conversation that ended when the cell was run again. */
  restore(): void {
    const { epoch } = this.#sync.position;
    const isDone = () => !this.picture.transcript?.info.can_restore;
    this.#requests.ask({ type: "restore", epoch }, isDone);
  }

  get isRestoring(): boolean {
    return this.#requests.isOpen({ type: "restore", epoch: this.#sync.position.epoch });
  }

  #say(words: Words, taken = () => {}): void {
    const { content, replaces = null, answers = null, files = NO_FILES, beside = NOTHING_BESIDE } = words;
    const isEmpty = content.trim() === "" && files.size === 0 && beside.command === null;
    if (isEmpty || !this.isWritable.value) return;
    if (content.length > MAX_MESSAGE_CHARS) {
      this.#notice.value = tooLong(content.length);
      return;
    }
    batch(() => {
      taken();
      this.#notice.value = undefined;
      this.#outbox.add({
        turn: randomId(),
        content,
        epoch: this.#sync.position.epoch,
        replaces,
        answers,
        files,
        beside,
      });
    });
    this.#attend();
  }

  /** Says something as the user, whatever stands in the composer. */
  say(content: string, command: string | null = null): void {
    this.#say({ content, beside: this.#beside(command) }, () => this.#useCommand());
  }

  #beside(command: string | null): Beside {
    return { command, modes: this.draft.modes.value };
  }

  /** What was picked is for one message, unless it is persistent. */
  #useCommand(): void {
    const { command } = this.draft;
    const offer = this.picture.offers.value?.commands.find(({ id }) => id === command.value);
    if (!offer?.persistent) command.value = null;
  }

  /** Asks the kernel for something until it is done. */
  ask(request: Request, isDone: () => boolean): void {
    this.#requests.ask(request, isDone);
  }

  /** What the kernel was asked for and has not done. */
  get asked(): ReadonlySignal<readonly Request[]> {
    return this.#requests.asked;
  }

  stop(turn: string): void {
    this.#requests.ask({ type: "stop", turn }, () => this.#hasStopped(turn));
  }

  /** Whether the user asked to stop this turn, and it has not begun to stop. */
  isStopAsked(turn: string): boolean {
    return this.#requests.isOpen({ type: "stop", turn });
  }

  /** Takes a queued message back; its text returns to the composer. */
  withdraw(turn: string): void {
    const words = this.#wordsOf(turn);
    const giveBack = () => {
      if (this.#statusOf(turn) === undefined) this.draft.giveBack({ turn, ...words });
    };
    this.#requests.ask({ type: "withdraw", turn }, () => this.#statusOf(turn) !== "queued", giveBack);
  }

  isWithdrawing(turn: string): boolean {
    return this.#requests.isOpen({ type: "withdraw", turn });
  }

  /** Ends this conversation and begins another, with another profile if one is named. */
  restart(profile: string | null = null): void {
    const { epoch } = this.#sync.position;
    if (epoch > 0)
      this.#requests.ask({ type: "restart", epoch, profile }, () => this.#sync.position.epoch > epoch);
  }

  get isRestarting(): boolean {
    return this.#requests.asked.value.some(({ type }) => type === "restart");
  }

  /** What an inspector asks of the kernel. */
  inspect(command: Inspect | StopInspecting | SetValue): void {
    this.#send(command);
  }

  /** Gets some of the turns before the first one that is here. */
  getEarlier(): void {
    const request = this.#requestForEarlier();
    if (!request) return;
    const { before, epoch } = request;
    this.#requests.ask(request, () => {
      const next = this.#requestForEarlier();
      return next?.before !== before || next.epoch !== epoch;
    });
  }

  get isGettingEarlier(): boolean {
    const request = this.#requestForEarlier();
    return request !== undefined && this.#requests.isOpen(request);
  }

  /** Asks a silent kernel again, and sends again what it did not take. */
  tryAgain(): void {
    this.#sync.probe();
    this.#outbox.retry();
  }

  /** Gives up sending a message that got stuck; its text returns to the composer. */
  putBack(turn: string): void {
    const pending = this.#outbox.take(turn);
    if (pending) this.draft.giveBack(pending);
    this.#attend();
  }

  /** Steps through the texts that the user sent. */
  recall(step: -1 | 1): boolean {
    return this.draft.recall(this.#sentTexts(), step);
  }

  dismissNotice(): void {
    this.#notice.value = undefined;
  }

  // ── Packets ──────────────────────────────────────────────────────────────────────────────────────

  #receive(packet: Packet, buffers: readonly BlobPart[]): void {
    if (packet.type === "asset") {
      receiveFile(packet.hash, buffers[0]);
      makeRoom();
    }
    if (this.#incompatible.value !== undefined) return;
    batch(() => {
      this.#sync.heard();
      this.#outbox.retry();
      this.#take(packet);
      this.#attend();
    });
  }

  #take(packet: Packet): void {
    switch (packet.type) {
      case "events":
        this.#sync.receiveEvents(packet);
        break;
      case "snapshot":
        this.#sync.receiveSnapshot(packet);
        break;
      case "earlier":
        this.#sync.receiveHead(packet);
        this.#change(() => this.#putInFront(packet));
        break;
      case "head":
        this.#sync.receiveHead(packet);
        break;
      case "refused":
        this.#takeBack(packet);
        break;
      case "incompatible":
        this.#incompatible.value = packet.message;
        this.#rest();
        break;
      case "file":
        this.onFile(packet);
        break;
      case "inspection":
        this.inspection.value = packet;
        break;
      case "asset":
      case "reload":
        break; // No news of the conversation.
      default:
        assertNever(packet);
    }
  }

  #takeBack({ turn, message }: Refused): void {
    this.#notice.value = message;
    if (turn === null) this.#requests.close(); // one of them was refused: the user may ask again
    const pending = turn === null ? undefined : this.#outbox.take(turn);
    if (pending && !pending.isKnown) this.draft.giveBack(pending);
  }

  #apply(events: readonly Event[]): void {
    this.picture.apply(events);
    // Here, for a turn may come and be withdrawn by another page in the same packet.
    for (const event of events) {
      if (event.type === "turn") this.#outbox.acknowledge(event.id);
      if (event.type === "window") this.forWindow.value = [...this.forWindow.value, event.data];
      if (event.type === "window_heard") this.heard.add(event.post);
      if (event.type === "toast") this.toasts.value = [...this.toasts.value.slice(1 - MOST_TOASTS), event];
    }
  }

  #replace(snapshot: Snapshot): void {
    const { epoch, info, offers, sidebar, turns, earlier } = snapshot;
    const isFirst = this.picture.transcript === undefined;
    this.picture.replace(new Transcript(info, turns, offers, sidebar));
    this.#earlier.value = earlier;
    if (isFirst) this.picture.flush();
    // What was written to the conversation that is over does not belong into the new one unasked.
    for (const pending of this.outbox.value) {
      const isAstray = pending.epoch > 0 && pending.epoch < epoch && !this.#statusOf(pending.turn);
      if (isAstray) this.putBack(pending.turn);
    }
  }

  /** What is older or newer than the picture could miss a change: then the request, which is repeated, gets another. */
  #putInFront({ epoch, seq, before, turns, earlier }: Earlier): void {
    const { position } = this.#sync;
    if (epoch !== position.epoch || seq !== position.seq) return;
    if (before !== this.picture.transcript?.firstTurn) return;
    this.picture.prepend(turns);
    this.#earlier.value = earlier;
  }

  #requestForEarlier(): Extract<Request, { type: "get_earlier" }> | undefined {
    const before = this.picture.transcript?.firstTurn;
    if (this.#earlier.value === 0 || before === undefined) return undefined;
    return { type: "get_earlier", epoch: this.#sync.position.epoch, before };
  }

  #change(change: () => void): void {
    change();
    this.#keepEdit();
    for (const { turn } of this.outbox.value) if (this.#isHere(turn)) this.#outbox.acknowledge(turn);
  }

  /** What was being written again has lost its place: the text returns to the composer. */
  #keepEdit(): void {
    const edit = this.draft.edit.value;
    if (!edit || this.#statusOf(edit.turn)) return;
    this.draft.edit.value = undefined;
    this.draft.giveBack(edit);
  }

  /** Messages leave the outbox when the transcript shows them: nothing disappears in between. */
  #tidyOutbox(): void {
    for (const { turn, isKnown } of this.outbox.value) {
      const shown = this.picture.transcript?.turn(turn);
      const isShown = shown ? shown.items.length > 0 || !isActive(shown) : this.#isHere(turn);
      if (isShown || (isKnown && !shown)) this.#outbox.take(turn);
    }
  }

  /** Whether the transcript has a message of the user: its turn, or that it answers a question. */
  #isHere(turn: string): boolean {
    return this.#statusOf(turn) !== undefined || this.picture.transcript?.item(turn) !== undefined;
  }

  // ── Line ─────────────────────────────────────────────────────────────────────────────────────────

  #send(command: Command, buffers?: readonly ArrayBuffer[]): boolean {
    if (this.#incompatible.value !== undefined) return false;
    if (this.comm.send(command, buffers)) return true;
    this.#sync.lose();
    this.#outbox.getStuck();
    this.#requests.close();
    return false;
  }

  /** Looks what is settled, and whether news are due. Called after each change. */
  #attend(): void {
    this.#requests.settle();
    const isWorking = [...(this.picture.transcript?.active ?? [])].length > 0;
    const isSending = this.outbox.value.some(({ isKnown, isStuck }) => !isKnown && !isStuck);
    this.#sync.setBusy(isWorking || isSending);
  }

  #wake(): void {
    this.#unwatch = watchPage({
      onBack: () => this.#sync.probe(),
      onLeave: () => this.#sync.close(),
      onRevived: () => this.#sync.open(),
    });
    this.#sync.open();
    this.chunks.get("healing"); // here before an answer grows
    this.#outbox.retry();
  }

  #closeView(): void {
    this.#views -= 1;
    if (this.#views === 0) this.#rest();
  }

  #rest(): void {
    this.#unwatch();
    this.#sync.close();
    this.#outbox.getStuck();
    this.#requests.close();
  }

  #statusOf(turn: string): TurnStatus | undefined {
    return this.picture.transcript?.turn(turn)?.status;
  }

  /** What the user said in a turn, and what was given with it; said again, it has the modes of now. */
  #wordsOf(turn: string): Words {
    const { transcript } = this.picture;
    const said = transcript && userMessage(transcript, turn);
    const items = transcript?.owned(turn).map((id) => transcript.item(id)) ?? [];
    const given = items.filter((item) => item?.kind === "element");
    const files = new Map(given.map(({ id, name }) => [id, name]));
    return { content: said?.content ?? "", files, beside: this.#beside(said?.command ?? null) };
  }

  #hasStopped(turn: string): boolean {
    const status = this.#statusOf(turn);
    if (status === undefined) return this.#outbox.find(turn) === undefined && !this.#isHere(turn);
    return status !== "queued" && status !== "running";
  }

  #sentTexts(): readonly string[] {
    const { transcript } = this.picture;
    const waiting = this.outbox.value.filter((pending) => !pending.isKnown).map((pending) => pending.content);
    return [...(transcript ? userMessages(transcript) : []), ...waiting].filter((text) => text !== "");
  }
}

function tooLong(length: number): string {
  const [most, actual] = [MAX_MESSAGE_CHARS, length].map((count) => count.toLocaleString("en"));
  return `A message may have ${most} characters, but this one has ${actual}. Send it in parts.`;
}
