import type { YAMLParseError } from "yaml";
import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import type { Source, Span } from "../base/source.ts";

/** The library's errors in our words, where ours help more. */
export function diagnoseYamlError(source: Source, error: YAMLParseError): Diagnostic {
  const span = spanOf(source, error);
  const marked = source.text.slice(span.start, span.end);
  switch (error.code) {
    case "MULTIPLE_DOCS":
      return diagnose("syntax/yaml", span, "a storyboard is one YAML document, here a second one begins", {
        help: "remove the `---`, or put the second document into a file of its own",
      });
    case "TAB_AS_INDENT":
      return diagnose("syntax/yaml", span, "YAML does not allow tabs for indentation", {
        help: "indent with spaces",
      });
    case "BAD_SCALAR_START":
      if (source.text[span.start] !== "@" && !marked.startsWith("@")) break;
      return diagnose("syntax/yaml", span, "a value that begins with `@` needs quotes in YAML", {
        help: 'put the whole value into quotes: "@name …"',
      });
    case "BAD_ALIAS":
      return diagnose("syntax/yaml", span, "an alias needs a name, and an anchor before it", {
        help: "put a text that begins with `*` into quotes",
      });
    case "BLOCK_AS_IMPLICIT_KEY":
      return diagnose("syntax/yaml", span, "a text that holds `: ` needs quotes in YAML", {
        help: "put the whole text into quotes, or write it below `>-`",
      });
    case "UNEXPECTED_TOKEN": {
      const found = endedTooSoon(source, span);
      if (found) return found;
      break;
    }
    default:
      break;
  }
  const message = error.message.replace(/\s+/g, " ").replace(/[.:]$/, "");
  return diagnose("syntax/yaml", span, message.charAt(0).toLowerCase() + message.slice(1));
}

export function tooDeep(span: Span | undefined): Diagnostic {
  return diagnose("syntax/too-deep", span, "the document is nested too deeply to be read", {
    help: "remove the nesting",
  });
}

function spanOf(source: Source, error: YAMLParseError): Span {
  const length = source.text.length;
  const start = Math.min(error.pos[0], Math.max(0, length - 1));
  const end = Math.max(start, Math.min(error.pos[1], length));
  // A caret can stand at one line only, and an empty one shows nothing.
  const lineEnd = source.text.indexOf("\n", start);
  const limit = lineEnd === -1 ? length : Math.max(lineEnd, start);
  return { source, start, end: Math.min(Math.max(end, start + 1), Math.max(limit, start)) };
}

/** A value that YAML took to end in the middle of a text: an alias ends with its word, a quoted text with its quote. */
function endedTooSoon(source: Source, span: Span): Diagnostic | undefined {
  const lineStart = source.text.lastIndexOf("\n", span.start - 1) + 1;
  const before = source.text.slice(lineStart, span.start);
  const opening = /(?:^|: |- )\s*([*"'])[^"']*["']?\s*$/.exec(before)?.[1];
  if (opening === undefined) return undefined;
  if (opening === "*") {
    return diagnose("syntax/yaml", span, "a text that begins with `*` needs quotes in YAML", {
      help: "put the whole text into quotes",
    });
  }
  return diagnose("syntax/yaml", span, "the text goes on after its closing quote", {
    help: "put the whole text into quotes of the other kind",
  });
}
