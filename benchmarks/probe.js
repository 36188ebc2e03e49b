// Injected into each page: counts what travels and what is evaluated, and notes when text is on the screen.
(() => {
  const TAIL_CHARS = 500;
  const STAMPS_CHARS = 20_000;
  const LONG_MS = 50;
  const SCROLL_PIXELS = 300;

  const traffic = { received: 0, sent: 0, messages: 0, at: 0 };
  const modules = []; // the sizes of the modules that were made from bytes
  const longTasks = [];

  const NativeSocket = window.WebSocket;
  window.WebSocket = class extends NativeSocket {
    constructor(...options) {
      super(...options);
      if (this.url.includes("/channels")) super.addEventListener("message", ({ data }) => count("received", data));
    }
    send(data) {
      if (this.url.includes("/channels")) count("sent", data);
      super.send(data);
    }
  };

  function count(way, data) {
    traffic[way] += data.length ?? data.byteLength ?? data.size;
    traffic.messages += 1;
    traffic.at = performance.now();
  }

  const createObjectURL = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    if (blob.type.includes("javascript")) modules.push(blob.size);
    return createObjectURL(blob);
  };

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) longTasks.push({ startTime, duration });
  }).observe({ type: "longtask", buffered: true });

  /**
   * Calls `look` once per frame, when all that draws in this frame has drawn and nothing is painted yet, until it
   * returns true. (An animation frame callback of ours would run before those that were requested later.)
   */
  function eachFrame(look) {
    const ruler = document.body.appendChild(document.createElement("div"));
    let frame = 0;
    const turn = (time) => {
      frame = time;
      ruler.style.cssText = `position: fixed; top: -9px; width: ${ruler.offsetWidth === 1 ? 2 : 1}px`;
    };
    const observer = new ResizeObserver(() => {
      if (frame > 0 && look(frame, performance.now())) {
        observer.disconnect();
        ruler.remove();
      } else requestAnimationFrame(turn);
    });
    observer.observe(ruler);
  }

  const logOf = (host) => (host.shadowRoot ?? host).querySelector("[role=log]");

  /** The last characters of the text in an element; cheap however much there is. */
  function tail(root, most) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let text = "";
    for (let node = walker.lastChild(); node && text.length < most; node = walker.previousNode())
      text = node.substringData(Math.max(0, node.length - most), most) + text;
    return text;
  }

  /** Watches a chat from the next Enter in it until its conversation ends with `ending`, frame by frame. */
  function watch(host, ending) {
    const log = logOf(host);
    const run = { start: undefined, worst: 0 };
    const begin = (event) => {
      if (event.key === "Enter") run.start ??= event.timeStamp;
    };
    host.addEventListener("keydown", begin, { capture: true });
    const { promise, resolve } = Promise.withResolvers();
    let before;
    eachFrame((frame, now) => {
      if (run.start === undefined) return false;
      if (before !== undefined) run.worst = Math.max(run.worst, frame - before);
      before = frame;
      if (!tail(log, TAIL_CHARS).includes(ending)) return false;
      host.removeEventListener("keydown", begin, { capture: true });
      resolve(summary(run, now));
      return true;
    });
    host.benchmark = promise;
    return true;
  }

  function summary({ start, worst }, end) {
    const long = longTasks.filter((task) => task.startTime < end && task.startTime + task.duration > start);
    const longest = Math.max(0, ...long.map(({ duration }) => duration));
    return { ms: end - start, worst, longest, long: long.filter(({ duration }) => duration > LONG_MS).length };
  }

  /** Scrolls a conversation up, a step in each of so many frames. */
  async function scrollUp(host, frames) {
    const log = logOf(host);
    let worst = 0;
    let before;
    await new Promise((resolve) => {
      let left = frames;
      eachFrame((frame) => {
        if (before !== undefined) worst = Math.max(worst, frame - before);
        before = frame;
        log.scrollTop -= SCROLL_PIXELS;
        left -= 1;
        if (left === 0) resolve();
        return left === 0;
      });
    });
    return { worst, turns: log.querySelectorAll("[data-turn]").length };
  }

  /** Notes for each stamp (a time in ms, between two letters t) how long it took to the screen, until `ending`. */
  function follow(host, ending) {
    const log = logOf(host);
    const lags = [];
    let last = 0;
    host.benchmark = new Promise((resolve) => {
      eachFrame(() => {
        const now = Date.now();
        const text = tail(log, STAMPS_CHARS);
        for (const [, digits] of text.matchAll(/t(\d+\.\d{3})t/g)) {
          const stamp = Number(digits);
          if (stamp > last) lags.push(now - stamp);
          last = Math.max(last, stamp);
        }
        const isOver = text.slice(-TAIL_CHARS).includes(ending);
        if (isOver) resolve(lags);
        return isOver;
      });
    });
    return true;
  }

  const isUsable = (composer) => composer !== null && !composer.disabled && !composer.readOnly;

  /** Starts something, and tells after how many ms so many chats can be written in, and the last shows `ending`. */
  async function timeToUse(start, selector, number, ending) {
    const begin = performance.now();
    const times = { usable: undefined, painted: undefined };
    start();
    await new Promise((resolve) => {
      eachFrame(() => {
        const now = performance.now() - begin;
        const hosts = [...document.querySelectorAll(selector)];
        const composers = hosts.map((host) => (host.shadowRoot ?? host).querySelector("textarea"));
        if (composers.length < number || !composers.every(isUsable)) return false;
        times.usable ??= now;
        if (!tail(logOf(hosts.at(-1)), 2 * TAIL_CHARS).includes(ending)) return false;
        times.painted = now;
        resolve();
        return true;
      });
    });
    return times;
  }

  /** Waits until nothing has travelled for so many ms. */
  async function quiet(ms) {
    while (performance.now() - traffic.at < ms) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  window.benchmark = { traffic, modules, watch, follow, scrollUp, timeToUse, quiet };
})();
