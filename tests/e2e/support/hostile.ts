// Content that tries to be more than content. Whatever runs tells the test by calling `fanlightWasTricked`.
import type { RunSpec } from './api';

const CALL = "window.fanlightWasTricked('RAN')";

/** Markup, in the ways that have fooled viewers of chats and logs. */
export const MARKUP = [
  `<script>${CALL}</script>`,
  `<img src=x onerror="${CALL}">`,
  `<svg onload="${CALL}"><animate onbegin="${CALL}" attributeName=x dur=1s></svg>`,
  `<iframe srcdoc="<script>parent.${CALL.slice(7)}</script>"></iframe>`,
  `<details open ontoggle="${CALL}">x</details>`,
  `</script></textarea></title><script>${CALL}</script>`,
  `<a href="javascript:${CALL}">raw link</a>`,
].join('\n');

/** Markdown whose links and images lead where none should. */
export const MARKDOWN = [
  `[plain link](https://example.com/docs)`,
  `[script link](javascript:${CALL})`,
  `[hidden script link](java\u0000script:${CALL})`,
  `[data link](data:text/html,<script>${CALL}</script>)`,
  `[file link](file:///etc/passwd)`,
  `![remote image](https://example.com/pixel.png)`,
  `![script image](javascript:${CALL})`,
  `<javascript:${CALL}>`,
  '```html\n' + MARKUP + '\n```',
  MARKUP,
].join('\n\n');

/** Reorders what follows it, unless it is isolated or shown. */
export const BIDI = 'user \u202Eevil\u202C \u2066isolated\u2069 end';

export const CONTROL = 'bell\u0007 escape\u001b[31m nul\u0000 delete\u007f end';

export function deepJson(depth: number): unknown {
  let value: unknown = 'the bottom';
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { deeper: value };
  return value;
}

/** One trace with all of it in every place that the dashboard shows. */
export function hostileTrace(): RunSpec {
  const text = `${MARKUP}\n${BIDI}\n${CONTROL}`;
  return {
    name: `hostile ${MARKUP.slice(0, 60)} ${BIDI}`,
    inputs: { question: text, [`<img src=x onerror="${CALL}">`]: text, link: `javascript:${CALL}` },
    outputs: { answer: text },
    error: `Error: ${text}\n    at <script>${CALL}</script> (javascript:${CALL}:1:1)`,
    tags: [`<b onmouseover="${CALL}">tag</b>`, BIDI],
    extra: { metadata: { '"><script>': text, url: `javascript:${CALL}`, thread_id: `"><img src=x onerror="${CALL}">` } },
    children: [
      {
        name: 'chat',
        type: 'llm',
        inputs: {
          messages: [
            { role: 'system', content: MARKUP },
            { role: '<script>', content: 'a role that nobody has' },
            { role: 'user', content: [{ type: 'text', text: MARKDOWN }, { type: 'image_url', image_url: { url: `javascript:${CALL}` } }] },
            { role: 'assistant', content: '', tool_calls: [{ id: '1', type: 'function', function: { name: MARKUP, arguments: '{"broken": ' + MARKUP } }] },
          ],
        },
        outputs: { messages: [{ role: 'assistant', content: MARKDOWN }] },
      },
      {
        name: 'documents',
        type: 'retriever',
        inputs: { query: MARKUP },
        outputs: { documents: [{ page_content: MARKDOWN, metadata: { source: `javascript:${CALL}`, title: MARKUP } }] },
      },
      { name: 'large', inputs: { text: `start ${'0123456789'.repeat(500_000)} finish` }, outputs: { short: 'after the large one' } },
      { name: 'deep', inputs: { deep: deepJson(1000) }, outputs: { short: 'beside the deep one' } },
    ],
  };
}
