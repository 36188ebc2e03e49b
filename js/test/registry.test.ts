// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fetchFile, makeRoom, receiveFile } from "../src/registry.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for("anychat.assets"));
});

function fetching(hash: string) {
  const ask = vi.fn();
  const closing = new AbortController();
  return { ask, closing, file: fetchFile(hash, ask, closing.signal) };
}

describe("a file", () => {
  test("is asked for once, by whoever wants it first", async () => {
    const [one, two] = [fetching("h"), fetching("h")];
    receiveFile("h", "bytes");
    expect(await (await one.file).text()).toBe("bytes");
    expect(await two.file).toBe(await one.file);
    expect(one.ask).toHaveBeenCalledTimes(1);
    expect(two.ask).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that came unasked is not asked for", async () => {
    receiveFile("h", "bytes");
    const { ask, file } = fetching("h");
    await file;
    expect(ask).not.toHaveBeenCalled();
  });

  test("that does not come is asked for again, once for all who wait, also when the first of them is gone", async () => {
    const [first, ...others] = Array.from({ length: 100 }, () => fetching("h"));
    first?.closing.abort(new Error("closed"));
    await expect(first?.file).rejects.toThrow("closed");
    const asked = () => others.reduce((sum, { ask }) => sum + ask.mock.calls.length, 0);
    expect(asked()).toBe(0);
    vi.advanceTimersByTime(3000);
    expect(asked()).toBe(1);
    vi.advanceTimersByTime(600_000);
    expect(asked()).toBeLessThan(50);
    receiveFile("h", "bytes");
    await Promise.all(others.map(({ file }) => file));
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is not asked for over a line that is down", async () => {
    const { ask, closing, file } = fetching("h");
    ask.mockImplementation(() => {
      throw new Error("Cannot send");
    });
    vi.advanceTimersByTime(600_000);
    expect(ask).toHaveBeenCalledTimes(2);
    closing.abort(new Error("closed"));
    await expect(file).rejects.toThrow("closed");
  });

  test("that is old is let go where there are too many, and can be asked for again", async () => {
    const large = (megabytes: number) => new Uint8Array(megabytes * 1_000_000);
    const waiting = fetching("not here yet");
    for (const hash of ["a", "b", "c"]) receiveFile(hash, large(40));
    makeRoom();
    for (const [hash, isHere] of [
      ["a", false],
      ["b", true],
      ["c", true],
    ] as const) {
      const { ask, closing, file } = fetching(hash);
      expect(ask).toHaveBeenCalledTimes(isHere ? 0 : 1);
      if (!isHere) closing.abort(new Error("closed"));
      await file.catch(() => {});
    }
    receiveFile("not here yet", "bytes");
    expect(await (await waiting.file).text()).toBe("bytes");
  });

  test("that the kernel does not have may be asked for later", async () => {
    const first = fetching("h");
    receiveFile("h", undefined);
    await expect(first.file).rejects.toThrow("The kernel does not have the file.");
    const second = fetching("h");
    expect(second.ask).toHaveBeenCalledTimes(1);
    receiveFile("h", "bytes");
    await second.file;
  });
});
