/** Well-formed answers of the kinds models write. */
const analysis = `## Loading the data

You can read the file with **pandas**. The function \`read_csv\` *guesses* the types, so pass \`dtype\` when you know better:

\`\`\`python
import pandas as pd

df = pd.read_csv("sales.csv", dtype={"shop": "category"})
print(df.head())
\`\`\`

That gives three columns:

| Column | Type | Meaning |
|:-------|:----:|--------:|
| \`shop\` | category | The **shop** of the sale |
| \`price\` | float | In euros, e.g. 12.50 |
| \`n_items\` | int | See [the manual](https://pandas.pydata.org/docs/) |

### What to do next

1. Check for missing values with \`df.isna().sum()\`.
2. Group by **shop** and look at the *mean*:
   \`\`\`python
   df.groupby("shop")["price"].mean()
   \`\`\`
3. Plot it.

> **Note** that \`mean\` skips missing values.
> Use \`skipna=False\` to see them.

- [x] load
- [ ] clean
- [ ] plot

---

Done! See <https://example.org/a_b> or https://example.org/c_d for more.`;

const mathematics = `The solution of $ax^2 + bx + c = 0$ is

$$
x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}
$$

where $a \\ne 0$. With \\(b = 0\\) it is $\\pm\\sqrt{-c/a}$, which costs about $5 of effort.

\\[
\\int_0^1 x\\,dx = \\tfrac12
\\]

So **$x_1 + x_2 = -b/a$**, and *both* are real if $b^2 \\ge 4ac$.`;

const nested = `# Plan

* **First**: do _this_
  * then ***that***
    1. step \`a\`
    2. step \`b\` with ~~old~~ new text
  * and [a link with *style*](https://example.org/path_(with)_parens "Title")
* Second, H<sub>2</sub>O and <kbd>Ctrl</kbd>+<kbd>C</kbd>

Setext heading
--------------

A paragraph that runs
over lines, with \\*escaped\\* stars, array[i] and an R&amp;D entity.
Here is \`\` code with \` inside \`\`, and 2 * 3 * 4 = 24, and snake_case_names, and 3 < 4 > 2.

![A picture](https://example.org/cat.png) and [![badge](https://example.org/b.svg)](https://example.org)

> Quote
>
> > deeper **bold
> > over lines**
>
> \`\`\`text
> code in a quote
> \`\`\`

这是**重点**内容。Émile said "**yes**, *really*!" (and **so** on).

***Everything*** ends. **Bold with \`code\` and *em* inside**.

~~~js
const a = \`x\`; // ** not bold **
~~~
`;

const loose = `Here are the steps:

1. **Install** it:

   \`\`\`bash
   pip install anychat
   \`\`\`

2. **Import** it.

   Then say \`chat\`.

10) Other list

+ plus
+ list

Text before a table:
| a | b |
| - | - |
| 1 | **2** |

| Only | header |
| --- | --- |

The end [1], or "[2]"; see note[^1]. Is 5 > 4? Yes & no. Email me@example.org!`;

export const replies: Readonly<Record<string, string>> = { analysis, mathematics, nested, loose };
