// Lazy chunk: what callbacks print and display, and tracebacks.

import { addStyles } from "../view/styles.ts";
import css from "./output.css";

addStyles(css);

export { OutputView } from "./OutputView.tsx";
export { Traceback } from "./Traceback.tsx";
