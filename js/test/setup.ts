import { configure } from "@testing-library/preact";
import { afterEach, vi } from "vitest";

/** Lazy parts are loaded from their sources, which takes a while where others are at work. */
configure({ asyncUtilTimeout: 4000 });

/** jsdom has no layout, so nothing ever resizes. */
class IdleResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= IdleResizeObserver;

afterEach(() => {
  vi.useRealTimers();
});
