// Pictures by name, for lazy parts of the bundle: an app names one of Lucide's icons, or gives an emoji.

import type { VNode } from "preact";
import { Icon } from "../view/icons.tsx";

/** What each picture is drawn with. Names of Lucide's that mean the same share one. */
const PATHS = new Map(
  Object.entries({
    "arrow-right": "M4 12h16M14 6l6 6-6 6",
    book: "M12 6.5C10 4.8 7 4.5 3.5 5v13.5c3.5-.5 6.5-.2 8.5 1.5 2-1.7 5-2 8.5-1.5V5c-3.5-.5-6.5-.2-8.5 1.5zM12 6.5V20",
    bot: "M5 9h14v10H5zM12 9V5M9.5 13.5v1.5M14.5 13.5v1.5M2.5 13v3M21.5 13v3",
    calculator: "M6 3h12v18H6zM9 7h6M9 12h.01M12 12h.01M15 12h.01M9 16h.01M12 16h.01M15 16h.01",
    calendar: "M4 6h16v14H4zM4 10.5h16M8 3.5V8M16 3.5V8",
    check: "m5 12.5 4.5 4.5L19 7.5",
    clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
    cloud: "M7 18.5a4.5 4.5 0 1 1 .8-8.9 5.5 5.5 0 0 1 10.4 1.6A3.7 3.7 0 0 1 17.5 18.5z",
    code: "m8.5 7-5 5 5 5M15.5 7l5 5-5 5",
    copy: "M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4",
    database:
      "M4.5 6c0-1.5 3.4-2.5 7.5-2.5s7.5 1 7.5 2.5-3.4 2.5-7.5 2.5S4.5 7.5 4.5 6zM4.5 6v12c0 1.5 3.4 2.5 7.5 2.5s7.5-1 7.5-2.5V6M4.5 12c0 1.5 3.4 2.5 7.5 2.5s7.5-1 7.5-2.5",
    download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
    file: "M13.5 3H6v18h12V7.5zM13.5 3v4.5H18",
    globe:
      "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c2.5 2.6 3.7 5.6 3.7 9s-1.2 6.4-3.7 9c-2.5-2.6-3.7-5.6-3.7-9s1.2-6.4 3.7-9z",
    grid: "M4.5 4.5h5v5h-5zM14.5 4.5h5v5h-5zM4.5 14.5h5v5h-5zM14.5 14.5h5v5h-5z",
    image: "M4 5h16v14H4zM4 16l4.5-4.5L16 19M14 14l2-2 4 4M15 8.5h.01",
    lightbulb: "M9 17.5c0-2.3-3-3.7-3-7.5a6 6 0 0 1 12 0c0 3.8-3 5.2-3 7.5zM10 21h4",
    link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
    list: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
    mail: "M3.5 5.5h17v13h-17zM4 7l8 6 8-6",
    pencil: "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5 17.5 10",
    play: "M7 4.5v15l12-7.5z",
    plus: "M12 5v14M5 12h14",
    pointer: "m9 9 11 4-4.5 2L13 20zM9 3v2.5M3 9h2.5M4.8 4.8l1.7 1.7",
    refresh: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.5M20 4v5.5h-5.5",
    search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.3 15.3 20.5 20.5",
    send: "M20.5 3.5 3.5 10l7 3.5 3.5 7zM10.5 13.5l10-10",
    sort: "M7 5v14M3.5 15.5 7 19l3.5-3.5M14 6h7M14 12h5M14 18h3",
    sparkles: "M11 4l1.9 5.1L18 11l-5.1 1.9L11 18l-1.9-5.1L4 11l5.1-1.9zM18.5 15.5v5M16 18h5",
    star: "m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9-4.3-4.1 5.9-.8z",
    terminal: "m5 7 5 5-5 5M12.5 18H19",
    "thumbs-down":
      "M7.5 13.5 11 20.5c1.7 0 2.7-1.2 2.4-2.8l-.6-3.2h5.7a2 2 0 0 0 2-2.4l-1.3-6.5a2.5 2.5 0 0 0-2.4-2H7.5zM3.5 13.5h4v-10h-4z",
    "thumbs-up":
      "M7.5 10.5 11 3.5c1.7 0 2.7 1.2 2.4 2.8l-.6 3.2h5.7a2 2 0 0 1 2 2.4l-1.3 6.5a2.5 2.5 0 0 1-2.4 2H7.5zM3.5 10.5h4v10h-4z",
    trash: "M4.5 7h15M9 7V4.5h6V7M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
    user: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.8-3.5 3.8-5.5 7.5-5.5s6.7 2 7.5 5.5",
    wrench:
      "M14.5 6.5a4.5 4.5 0 0 1 5.7-2l-3 3 .5 2.3 2.3.5 1.5-1.5a4.5 4.5 0 0 1-6 4.8L8.5 20.5a2.1 2.1 0 0 1-3-3l7-7a4.5 4.5 0 0 1 2-4z",
    x: "M6 6l12 12M18 6 6 18",
  }),
);

const SAME = new Map(
  Object.entries({
    "arrow-down-wide-narrow": "sort",
    "book-open": "book",
    "bot-message-square": "bot",
    brain: "lightbulb",
    "circle-check": "check",
    "circle-plus": "plus",
    "circle-x": "x",
    "code-xml": "code",
    "file-text": "file",
    hammer: "wrench",
    "list-ordered": "list",
    "mouse-pointer-click": "pointer",
    "pen-line": "pencil",
    "refresh-cw": "refresh",
    repeat: "refresh",
    "rotate-ccw": "refresh",
    "rotate-cw": "refresh",
    settings: "wrench",
    sparkle: "sparkles",
    "square-terminal": "terminal",
    tool: "wrench",
    "trash-2": "trash",
    users: "user",
    "wand-sparkles": "sparkles",
    web: "globe",
  }),
);

const EMOJI = /^\p{Extended_Pictographic}/u;

/** The picture that an app means; nothing where there is none of that name. */
export function namedIcon(name: string | null): VNode | undefined {
  if (name === null) return undefined;
  if (EMOJI.test(name) && name.length <= 8)
    return (
      <span class="icon emoji" aria-hidden="true">
        {name}
      </span>
    );
  const path = PATHS.get(SAME.get(name) ?? name);
  return path === undefined ? undefined : (
    <Icon>
      <path d={path} />
    </Icon>
  );
}
