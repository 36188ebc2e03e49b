import type { Model } from "./model.ts";
import { parsePacket } from "./packet.ts";
import type { Command, Packet } from "./protocol.ts";

export type PacketListener = (packet: Packet, buffers: readonly BlobPart[]) => void;

/** The line to the kernel. */
export interface Comm {
  /** Sends a command; tells whether it could leave the page, not whether it arrived. */
  send(command: Command, buffers?: readonly ArrayBuffer[]): boolean;
  /** Calls the listener with each packet until the returned function is called. */
  listen(listener: PacketListener): () => void;
}

/** The line that a widget model offers. What came `early` goes to who listens first. */
export function openComm(model: Model, early: readonly unknown[] = []): Comm {
  let unheard = early;
  return {
    send: (command, buffers) => sendText(model, JSON.stringify(command), buffers),
    listen(listener) {
      const receive = (content: unknown, buffers: readonly BlobPart[] = []) => {
        const packet = parsePacket(content);
        if (packet) listener(packet, buffers);
      };
      model.on("msg:custom", receive);
      for (const content of unheard) receive(content);
      unheard = [];
      return () => model.off("msg:custom", receive);
    },
  };
}

/** JupyterLab's models throw when the kernel was restarted or the connection is gone. */
function sendText(model: Model, text: string, buffers: readonly ArrayBuffer[] = []): boolean {
  try {
    model.send({ text }, undefined, buffers);
    return true;
  } catch {
    return false;
  }
}
