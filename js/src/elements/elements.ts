// Lazy chunk: what there is to see, hear and fetch.

import { addStyles } from "../view/styles.ts";
import css from "./elements.css";

addStyles(css);

export { Beside } from "./Beside.tsx";
export { linksIn } from "./links.tsx";
export { View } from "./View.tsx";
