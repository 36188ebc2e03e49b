import { describe, expect, test } from "vitest";
import { StickToBottom } from "../../src/view/StickToBottom.ts";

/** A box of 100 pixels whose content is 500 high, and a stick that looks after it. */
function stickTo({ height = 500, view = 100 } = {}) {
  const box = document.createElement("div");
  const size = { scrollHeight: height, clientHeight: view };
  Object.defineProperties(box, {
    scrollHeight: { get: () => size.scrollHeight },
    clientHeight: { get: () => size.clientHeight },
    scrollTop: {
      get: () => top,
      set: (value: number) => {
        top = Math.max(0, Math.min(value, size.scrollHeight - size.clientHeight));
      },
    },
  });
  let top = 0;
  const content = document.createElement("div");
  const newest = document.createElement("div");
  let newestHeight = 50;
  Object.defineProperty(newest, "clientHeight", { get: () => newestHeight });
  content.append(newest);
  const stick = new StickToBottom();
  stick.watch(box, content);
  stick.resized();
  return {
    box,
    stick,
    scrollTo(value: number): void {
      box.scrollTop = value;
      stick.scrolled();
    },
    grow(by: number): void {
      newestHeight += by;
      size.scrollHeight += by;
      stick.resized();
    },
    growAbove(by: number): void {
      size.scrollHeight += by;
      stick.resized();
    },
  };
}

describe("at the end", () => {
  test("it follows the content", () => {
    const { box, grow } = stickTo();
    expect(box.scrollTop).toBe(400);
    grow(50);
    expect(box.scrollTop).toBe(450);
  });

  test("is within 40 pixels of it", () => {
    const { box, stick, scrollTo, grow } = stickTo();
    scrollTo(360);
    expect(stick.isPinned.value).toBe(true);
    grow(50);
    expect(box.scrollTop).toBe(450);
  });
});

describe("scrolled up", () => {
  test("it stays where the reader is, and says that there is news", () => {
    const { box, stick, scrollTo, grow } = stickTo();
    scrollTo(300);
    expect(stick.isPinned.value).toBe(false);
    expect(stick.hasNews.value).toBe(false);
    grow(50);
    expect(box.scrollTop).toBe(300);
    expect(stick.hasNews.value).toBe(true);
  });

  test("what comes above is no news", () => {
    const { stick, scrollTo, growAbove } = stickTo();
    scrollTo(300);
    growAbove(500);
    expect(stick.hasNews.value).toBe(false);
  });

  test("a turn of the wheel is enough: the next token must not pull the text away", () => {
    const { box, stick, grow } = stickTo();
    box.dispatchEvent(new WheelEvent("wheel", { deltaY: -10 }));
    grow(50);
    expect(stick.isPinned.value).toBe(false);
    expect(box.scrollTop).toBe(400);
  });

  test("it follows again when the reader comes back down", () => {
    const { stick, scrollTo, grow } = stickTo();
    scrollTo(300);
    grow(50);
    scrollTo(430);
    expect(stick.isPinned.value).toBe(true);
    expect(stick.hasNews.value).toBe(false);
  });

  test("the button goes to the end", () => {
    const { box, stick, scrollTo } = stickTo();
    scrollTo(100);
    stick.pin();
    expect(box.scrollTop).toBe(400);
  });

  test("content that fits is at its end", () => {
    const { stick, scrollTo, grow } = stickTo();
    scrollTo(100);
    grow(-450);
    expect(stick.isPinned.value).toBe(true);
  });
});
