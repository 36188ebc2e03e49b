import { act } from "@testing-library/preact";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { mount } from "../../src/view/mount.tsx";
import { FakeComm } from "../FakeComm.ts";
import { newStore } from "../openStore.ts";

beforeEach(() => {
  document.body.replaceChildren();
});

function mounted() {
  const comm = new FakeComm();
  const store = newStore(comm);
  const el = document.body.appendChild(document.createElement("div"));
  const unmount = mount(store, el);
  const host = el.querySelector<HTMLElement>("[data-anychat]");
  return { comm, store, el, unmount, host, area: host?.shadowRoot?.querySelector("textarea") };
}

describe("a view", () => {
  test("lives in an open shadow root", () => {
    const { host } = mounted();
    expect(host?.shadowRoot?.querySelector("[role=log]")).not.toBeNull();
    expect(host?.shadowRoot?.querySelector("[data-chat-composer] textarea")).not.toBeNull();
  });

  test("keeps its keys from the notebook", () => {
    const { host, area } = mounted();
    const notebook = vi.fn();
    document.body.addEventListener("keydown", notebook);
    area?.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", shiftKey: true, bubbles: true, composed: true }),
    );
    area?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true }));
    expect(notebook).not.toHaveBeenCalled();
    expect(host?.getAttribute("data-lm-suppress-shortcuts")).toBe("true");
  });

  test("says hello when it comes and bye when it goes, and leaves nothing behind", () => {
    const { comm, el, unmount } = mounted();
    expect(comm.sent.map(({ type }) => type)).toEqual(["hello"]);
    act(() => unmount());
    unmount();
    expect(comm.sent.map(({ type }) => type)).toEqual(["hello", "bye"]);
    expect(el.childElementCount).toBe(0);
  });

  test("of an inspector is a board, and no chat", async () => {
    const comm = new FakeComm();
    const store = newStore(comm, true);
    const el = document.body.appendChild(document.createElement("div"));
    await act(async () => void mount(store, el));
    const root = el.querySelector<HTMLElement>("[data-anychat]")?.shadowRoot;
    await vi.waitFor(() => expect(root?.querySelector(".board")).toBeTruthy());
    expect(root?.querySelector("textarea")).toBeNull();
    expect(comm.sentOf("inspect")[0]).toMatchObject({ page: "page", chat: 0, seen: 0 });
  });

  test("shares its draft with the other views of the chat", async () => {
    const { store, area } = mounted();
    const el = document.body.appendChild(document.createElement("div"));
    mount(store, el);
    await act(() => {
      store.draft.text.value = "hello";
    });
    const other = el.querySelector<HTMLElement>("[data-anychat]")?.shadowRoot?.querySelector("textarea");
    expect([area?.value, other?.value]).toEqual(["hello", "hello"]);
  });
});
