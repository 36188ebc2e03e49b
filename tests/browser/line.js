// Injected into each page before its own scripts: the line between page and kernel, as bad as a test wants it.
//
// Only custom messages of widgets suffer, which is what chats say: JupyterLab does not ask again for its own.
(() => {
  if (window !== window.top || location.protocol === "about:") return; // no JupyterLab

  const { seed, lost, twice, late } = window.lineFaults;
  const LATE_MS = 400;
  const sockets = new Set();
  const line = { isCut: false, isBroken: false, suffered: 0, said: [] };
  const loads = Number(sessionStorage.getItem("loads") ?? 0);
  sessionStorage.setItem("loads", loads + 1);
  const dice = newDice(seed + 1000 * loads);

  const NativeSocket = window.WebSocket;
  window.WebSocket = class extends NativeSocket {
    #listener = null;

    constructor(url, protocols) {
      super(url, protocols);
      if (!isToKernel(this)) return;
      sockets.add(this);
      if (line.isBroken) this.close();
    }

    get onmessage() {
      return this.#listener;
    }

    set onmessage(listener) {
      this.#listener = listener;
      super.onmessage = (event) => carry(this, event.data, () => this.#listener?.(event));
    }

    send(data) {
      if (isToKernel(this) && isCustom(data)) line.said.push(textOf(data));
      carry(this, data, () => super.send(data));
    }
  };

  const isToKernel = (socket) => socket.url.includes("/channels");

  function carry(socket, data, arrive) {
    if (!isToKernel(socket) || !isCustom(data)) return arrive();
    const isLost = dice() < lost;
    const copies = dice() < twice ? 2 : 1;
    const delay = dice() < late ? LATE_MS * dice() : 0;
    if (isLost || copies > 1 || delay > 0) line.suffered += 1;
    if (isLost || line.isCut) return;
    for (let copy = 0; copy < copies; copy += 1) delay > 0 ? setTimeout(arrive, delay) : arrive();
  }

  const isCustom = (data) => /"method": ?"custom"/.test(textOf(data));
  const textOf = (data) => (typeof data === "string" ? data : new TextDecoder().decode(data));

  /** Closes the sockets, and each that is opened until the line is mended. */
  line.breakOff = () => {
    line.isBroken = true;
    for (const socket of sockets) socket.close();
    sockets.clear();
  };

  /** Numbers from 0 to 1, always the same ones (mulberry32). */
  function newDice(start) {
    let state = start;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  window.line = line;
})();
