import type { Comm, PacketListener } from "../src/comm.ts";
import type { Command, Event, Events, Packet } from "../src/protocol.ts";

/** A line without a kernel: the test reads what was sent, and says what comes. */
export class FakeComm implements Comm {
  readonly sent: Command[] = [];
  isDown = false;
  readonly #listeners = new Set<PacketListener>();

  send(command: Command): boolean {
    if (!this.isDown) this.sent.push(command);
    return !this.isDown;
  }

  listen(listener: PacketListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  receive(packet: Packet, ...buffers: BlobPart[]): void {
    for (const listener of this.#listeners) listener(packet, buffers);
  }

  /** What was sent of one type, oldest first. */
  sentOf<Type extends Command["type"]>(type: Type): Extract<Command, { type: Type }>[] {
    return this.sent.filter((command): command is Extract<Command, { type: Type }> => command.type === type);
  }

  /** Forgets what was sent so far. */
  clear(): void {
    this.sent.length = 0;
  }
}

export function events(epoch: number, first: number, ...list: Event[]): Events {
  return { type: "events", epoch, first, events: list };
}
