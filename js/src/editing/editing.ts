// Lazy chunk: a message of the user that is written again.

import { addStyles } from "../view/styles.ts";
import css from "./editing.css";

addStyles(css);

export { EditBox } from "./EditBox.tsx";
