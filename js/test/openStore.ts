import type { ChunkExports, ChunkName } from "../src/chunks.ts";
import type { Comm } from "../src/comm.ts";
import { Store } from "../src/store.ts";
import { FakeComm } from "./FakeComm.ts";
import { snapshot } from "./records.ts";

/** The chunks as they are before they are built. */
const SOURCES: { [Name in ChunkName]: () => Promise<ChunkExports[Name]> } = {
  asking: () => import("../src/asking/asking.ts"),
  editing: () => import("../src/editing/editing.ts"),
  elements: () => import("../src/elements/elements.ts"),
  healing: () => import("../src/markdown/healing.ts"),
  feedback: () => import("../src/feedback/feedback.ts"),
  files: () => import("../src/files/files.ts"),
  highlight: () => import("../src/highlighting.ts"),
  inspector: () => import("../src/inspector/inspector.ts"),
  offers: () => import("../src/offers/offers.ts"),
  outputs: () => import("../src/outputs/outputs.ts"),
  steps: () => import("../src/steps/steps.ts"),
  window: () => import("../src/window/window.ts"),
};

/** A store whose parts of the bundle are there when they are asked for. */
export function newStore(comm: Comm, isBoard = false): Store {
  return new Store(comm, "page", (name) => SOURCES[name](), isBoard);
}

/** A store with a view, whose kernel has answered with `picture`. What it sent until then is forgotten. */
export function openStore(picture = snapshot()): { store: Store; comm: FakeComm } {
  const comm = new FakeComm();
  const store = newStore(comm);
  store.openView();
  comm.receive(picture);
  comm.clear();
  return { store, comm };
}

/** Writes and sends a message. Returns the id of its turn. */
export function send(store: Store, comm: FakeComm, text: string): string {
  store.draft.text.value = text;
  store.sendDraft();
  return comm.sentOf("user_message").at(-1)?.turn ?? "";
}
