import type { Comm, PacketListener } from "../../src/comm.ts";
import type { Command, Packet } from "../../src/protocol.ts";
import { snapshot } from "../records.ts";

/** What happens to a part on its way there, and to the answer on its way back. */
export type Line = () => "arrives" | "is lost" | "comes twice" | "comes late";

const LATE_MS = 4000;

/** A kernel that takes files as the real one does, at the end of a line that may lose, repeat and reorder. */
export class FileKernel implements Comm {
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly sent: Command[] = [];
  readonly #listeners = new Set<PacketListener>();
  epoch = 1;
  refuses = "";
  isDown = false;

  constructor(private readonly line: Line = () => "arrives") {}

  send(command: Command, [part = new ArrayBuffer()]: readonly ArrayBuffer[] = []): boolean {
    if (this.isDown) return false;
    this.sent.push(command);
    this.#over(() => this.#take(command, new Uint8Array(part)));
    return true;
  }

  listen(listener: PacketListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  say(packet: Packet): void {
    for (const listener of this.#listeners) listener(packet, []);
  }

  /** The text of a file, as far as it is here. */
  text(file: string): string {
    return new TextDecoder().decode(this.files.get(file));
  }

  #take(command: Command, part: Uint8Array<ArrayBuffer>): void {
    if (command.type === "hello") this.say(snapshot({ epoch: this.epoch }));
    if (command.type === "drop_file") this.files.delete(command.file);
    if (command.type !== "put_file" || command.epoch !== this.epoch) return;
    const here = this.files.get(command.file) ?? new Uint8Array();
    if (command.offset === here.length) this.files.set(command.file, joined(here, part));
    const { file, epoch } = command;
    const received = this.files.get(file)?.length ?? 0;
    this.#over(() => this.say({ type: "file", epoch, file, received, message: this.refuses }));
  }

  #over(deliver: () => void): void {
    const fate = this.line();
    if (fate === "is lost") return;
    if (fate !== "comes late") deliver();
    if (fate !== "arrives") setTimeout(deliver, LATE_MS);
  }
}

function joined(here: Uint8Array, part: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(here.length + part.length);
  all.set(here);
  all.set(part, here.length);
  return all;
}

/** A file with a text of so many characters. */
export function file(name: string, length = 10, type = "text/plain"): File {
  return new File(["0123456789".repeat(Math.ceil(length / 10)).slice(0, length)], name, { type });
}
