import type { CustomMessage, CustomMessageListener, Model } from "../src/model.ts";
import type { Packet } from "../src/protocol.ts";

/** A widget model without a kernel. */
export class FakeModel implements Model {
  readonly sent: unknown[] = [];
  isDown = false;
  readonly #listeners = new Set<CustomMessageListener>();

  on(_: "msg:custom", listener: CustomMessageListener): void {
    this.#listeners.add(listener);
  }

  off(_: "msg:custom", listener: CustomMessageListener): void {
    this.#listeners.delete(listener);
  }

  send({ text }: CustomMessage): void {
    if (this.isDown) throw new Error("Cannot send");
    this.sent.push(JSON.parse(text));
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  receive(packet: Packet, ...buffers: BlobPart[]): void {
    for (const listener of [...this.#listeners]) listener({ text: JSON.stringify(packet) }, buffers);
  }
}
