import { cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import type { Rating, TurnRecord } from "../../src/protocol.ts";
import { events } from "../FakeComm.ts";
import { message, offers, snapshot, turn, userMessage } from "../records.ts";
import { composer, type OpenChat, openChat } from "../view/openChat.tsx";

afterEach(cleanup);

function open(status: TurnRecord["status"], rating: Rating | null = null): OpenChat {
  const items = [userMessage("t1", "hi"), message("m1", "First."), message("m2", "Last.", { rating })];
  return openChat(snapshot({ offers: offers({ feedback: true }), turns: [turn("t1", status, ...items)] }));
}

const good = () => screen.findByRole<HTMLButtonElement>("button", { name: "Good answer" });

test("the last message of a finished answer has thumbs", async () => {
  const { receive } = open("running");
  expect(screen.queryByRole("button", { name: "Good answer" })).toBeNull();
  receive(events(1, 1, { type: "turn", id: "t1", status: "done" }));
  const thumb = await good();
  expect(thumb.closest("article")?.textContent).toContain("Last.");
  expect(screen.getAllByRole("button", { name: "Bad answer" }).length).toBe(1);
});

test("an App that does not want to know does not ask", () => {
  openChat(snapshot({ turns: [turn("t1", "done", userMessage("t1", "hi"), message("m1", "Last."))] }));
  expect(screen.queryByRole("button", { name: "Good answer" })).toBeNull();
});

test("a thumb rates, is shown as pressed when the kernel says so, and takes it back", async () => {
  const { comm, receive } = open("done");
  fireEvent.click(await good());
  expect(comm.sentOf("rate")).toEqual([
    { type: "rate", message: "m2", epoch: 1, rating: { value: 1, comment: "" } },
  ]);
  expect((await good()).getAttribute("aria-pressed")).toBe("false");
  receive(events(1, 1, { type: "patch", id: "m2", rating: { value: 1, comment: "" } }));
  expect((await good()).getAttribute("aria-pressed")).toBe("true");
  fireEvent.click(await good());
  expect(comm.sentOf("rate").at(-1)?.rating).toBeNull();
});

test("another thumb is not given before the kernel shows the first: it could not tell which is the last", async () => {
  const { comm, receive } = open("done");
  const bad = () => screen.getByRole("button", { name: "Bad answer" });
  fireEvent.click(await good());
  await waitFor(() => expect(bad().getAttribute("aria-disabled")).toBe("true"));
  fireEvent.click(bad());
  expect(comm.sentOf("rate")).toHaveLength(1);
  receive(events(1, 1, { type: "patch", id: "m2", rating: { value: 1, comment: "" } }));
  const box = await screen.findByRole("textbox", { name: "Comment on this answer" });
  fireEvent.click(bad());
  fireEvent.input(box, { target: { value: "So long!" } });
  fireEvent.keyDown(box, { key: "Enter" }); // the other thumb is on its way: the words stay
  expect(comm.sentOf("rate").map(({ rating }) => rating?.value)).toEqual([1, 0]);
  receive(events(1, 2, { type: "patch", id: "m2", rating: { value: 0, comment: "" } }));
  fireEvent.keyDown(box, { key: "Enter" });
  expect(comm.sentOf("rate").at(-1)?.rating).toEqual({ value: 0, comment: "So long!" });
});

test("who wants to says more, and the focus returns to the thumb", async () => {
  const { comm, receive } = open("done");
  fireEvent.click(await good());
  receive(events(1, 1, { type: "patch", id: "m2", rating: { value: 1, comment: "" } }));
  const box = await screen.findByRole("textbox", { name: "Comment on this answer" });
  fireEvent.input(box, { target: { value: "So short!" } });
  fireEvent.keyDown(box, { key: "Enter" });
  await waitFor(() => expect(comm.sentOf("rate").at(-1)?.rating).toEqual({ value: 1, comment: "So short!" }));
  expect(screen.queryByRole("textbox", { name: "Comment on this answer" })).toBeNull();
  expect(document.activeElement).toBe(await good());
  expect(comm.sentOf("user_message")).toEqual([]);
  expect(composer().value).toBe("");
});

test("what was rated is shown after a reload", async () => {
  open("done", { value: 0, comment: "Wrong." });
  const bad = await screen.findByRole("button", { name: "Bad answer" });
  expect(bad.getAttribute("aria-pressed")).toBe("true");
});
