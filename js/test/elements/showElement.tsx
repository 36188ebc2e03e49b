import { act, render } from "@testing-library/preact";
import { vi } from "vitest";
import { View } from "../../src/elements/View.tsx";
import type { ElementItem, MessageItem } from "../../src/protocol.ts";
import type { Store } from "../../src/store.ts";
import type { FakeComm } from "../FakeComm.ts";
import { openStore } from "../openStore.ts";
import { element, message, snapshot, turn } from "../records.ts";

export interface ShownElement {
  readonly store: Store;
  readonly comm: FakeComm;
  readonly container: Element;
  /** The kernel gives a file that was asked for, or says that it has none. */
  readonly give: (hash: string, ...bytes: BlobPart[]) => Promise<void>;
}

let count = 0;

/** A hash that no other test has asked for: files are shared by the page. */
export function newHash(): string {
  count += 1;
  return `hash ${count}`;
}

/** One element as it stands in a conversation, below a message that was said long ago. */
export function showElement(fields: Partial<ElementItem>, said: Partial<MessageItem> = {}): ShownElement {
  const { store, comm } = openStore(snapshot({ turns: [turn("t1", "done", message("m1", "Look.", said))] }));
  const item = element("e1", { for_id: "m1", ...fields });
  const { container } = render(<View store={store} item={item} edition={0} inside={null} />);
  return {
    store,
    comm,
    container,
    async give(hash, ...bytes) {
      await act(async () => {
        comm.receive({ type: "asset", hash }, ...bytes);
        await new Promise((resolve) => setTimeout(resolve));
      });
    },
  };
}

/** Addresses of blobs, which jsdom does not make; returns the types of the blobs that have had one. */
export function stubBlobUrls(): string[] {
  const types: string[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    types.push((blob as Blob).type);
    return `blob:${types.length}`;
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => {});
  return types;
}
