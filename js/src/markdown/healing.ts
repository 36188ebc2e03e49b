// What a page has before an answer grows: the means to show an unfinished text, and compiled code.

import { warmUp } from "./warmUp.tsx";

export { heal } from "./heal.ts";

warmUp();
