import { effect, type ReadonlySignal, signal } from "@preact/signals";

/** So near to the end (in pixels) counts as at the end. */
const NEAR = 40;

/** Keeps a scrolled box at its end while its content grows, until the reader scrolls up. */
export class StickToBottom {
  readonly #isPinned = signal(true);
  readonly #hasNews = signal(false);
  #box: HTMLElement | undefined;
  #content: HTMLElement | undefined;
  #top = 0;
  #newest: Element | null = null;
  #newestHeight = 0;

  get isPinned(): ReadonlySignal<boolean> {
    return this.#isPinned;
  }

  /** Something came since the reader scrolled up. */
  get hasNews(): ReadonlySignal<boolean> {
    return this.#hasNews;
  }

  /** Looks after `box`, in which `content` scrolls, with what is newest as its last child, until the returned function is called. */
  watch(box: HTMLElement, content: HTMLElement): () => void {
    this.#box = box;
    this.#content = content;
    const scroll = () => this.scrolled();
    const wheel = (event: WheelEvent) => event.deltaY < 0 && this.leave();
    const observer = new ResizeObserver(() => this.resized());
    observer.observe(box);
    observer.observe(content);
    // The browser keeps the reader's place while things above it change, but would also keep us from the end.
    const unanchor = effect(() => {
      box.style.overflowAnchor = this.#isPinned.value ? "none" : "auto";
    });
    box.addEventListener("scroll", scroll, { passive: true });
    box.addEventListener("wheel", wheel, { passive: true });
    return () => {
      observer.disconnect();
      unanchor();
      box.removeEventListener("scroll", scroll);
      box.removeEventListener("wheel", wheel);
      this.#box = undefined;
    };
  }

  /** Goes to the end and stays there. */
  pin(): void {
    this.#isPinned.value = true;
    this.#hasNews.value = false;
    this.#goDown();
  }

  /** The reader turns the wheel upwards: the next token must not pull the text away. */
  leave(): void {
    if (this.#box && this.#box.scrollTop > 0) this.#isPinned.value = false;
  }

  /** The box was scrolled, by the reader or by us. */
  scrolled(): void {
    if (!this.#box) return;
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    const isUp = scrollTop < this.#top;
    const isNear = scrollHeight - clientHeight - scrollTop <= NEAR;
    this.#top = scrollTop;
    if (isNear && !isUp) this.#arrive();
    // Content that shrinks takes the end along; if it grows again within the frame, no observer is told.
    else if (isNear && this.#isPinned.value)
      requestAnimationFrame(() => this.#isPinned.value && this.#goDown());
    else if (!isNear && isUp) this.#isPinned.value = false;
  }

  /** The box or its content has another size. */
  resized(): void {
    if (!this.#box) return;
    const hasNews = this.#hasNewestGrown();
    if (this.#isPinned.value) this.#goDown();
    else if (this.#box.scrollHeight <= this.#box.clientHeight) this.#arrive();
    else if (hasNews) this.#hasNews.value = true;
  }

  /** Growth elsewhere is no news: earlier turns came, or the browser measured some that it had guessed. */
  #hasNewestGrown(): boolean {
    const [newest, height] = [this.#newest, this.#newestHeight];
    this.#newest = this.#content?.lastElementChild ?? null;
    this.#newestHeight = this.#newest?.clientHeight ?? 0;
    return this.#newest !== newest || this.#newestHeight > height;
  }

  #arrive(): void {
    this.#isPinned.value = true;
    this.#hasNews.value = false;
  }

  #goDown(): void {
    if (!this.#box) return;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#top = this.#box.scrollTop;
  }
}
