import { act, render, screen } from "@testing-library/preact";
import type { Packet, Snapshot } from "../../src/protocol.ts";
import type { Store } from "../../src/store.ts";
import { Chat } from "../../src/view/Chat.tsx";
import type { FakeComm } from "../FakeComm.ts";
import { openStore } from "../openStore.ts";

export interface OpenChat {
  readonly store: Store;
  readonly comm: FakeComm;
  /** Takes packets, and draws the frame after them. */
  readonly receive: (...packets: Packet[]) => void;
  /** Does something to the store as a user would, and draws what comes of it. */
  readonly user: (action: () => void) => void;
  /** Lets time pass. */
  readonly wait: (ms: number) => void;
}

/** A chat on the screen. Fake timers are for the test to set, before. */
export function openChat(picture: Snapshot, advance: (ms: number) => void = () => {}): OpenChat {
  const { store, comm } = openStore(picture);
  render(<Chat store={store} />);
  return {
    store,
    comm,
    receive(...packets) {
      act(() => {
        for (const packet of packets) comm.receive(packet);
        store.picture.flush();
      });
    },
    user(action) {
      act(action);
    },
    wait(ms) {
      act(() => advance(ms));
    },
  };
}

export function composer(): HTMLTextAreaElement {
  return screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
}

/** What a reader sees in the conversation, without buttons and the like. */
export function conversation(): string[] {
  return screen.getAllByRole("article").map((article) => {
    const copy = article.cloneNode(true) as HTMLElement;
    for (const chrome of copy.querySelectorAll("[data-chat-chrome]")) chrome.remove();
    return copy.textContent ?? "";
  });
}
