import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../base/diagnostic.ts";
import { hasErrors } from "../base/diagnostic.ts";
import { canonicalJson, digestOf, type Digest } from "../base/digest.ts";
import { createSource, type Source, type Span } from "../base/source.ts";
import { SOURCE_VERSION, VERSION } from "../base/version.ts";
import { diskFiles, readText, writeWhole } from "../store/files.ts";
import type { Checked, CheckOptions } from "./check.ts";
import { isSettled, sameStamp, stampOf, type FileStamp } from "./media-cache.ts";
import { findProject, type Project } from "./project.ts";

/** What `check` tells, without the storyboard that it has made for it. */
export interface Verdict {
  readonly diagnostics: readonly Diagnostic[];
  /** Absent when there is an error. */
  readonly summary?: Summary;
}

export interface Summary {
  readonly storyboard: string;
  readonly films: number;
  readonly scenes: number;
  readonly assets: number;
}

/** Everything that the verdict hangs on, and the verdict. Only one without errors is kept. */
interface VerdictRecord {
  /** Digest of version, options and project root. */
  readonly question: Digest;
  /** Files of the storyboard by name and path, with the digest of their text. */
  readonly sources: readonly { readonly name: string; readonly path: string; readonly digest: Digest }[];
  readonly media: Readonly<Record<string, FileStamp>>;
  readonly diagnostics: readonly StoredDiagnostic[];
  readonly summary: Summary;
}

/** A span by the number of its source. */
type StoredSpan = readonly [source: number, start: number, end: number];
type StoredDiagnostic = Omit<Diagnostic, "span" | "labels"> & {
  readonly span?: StoredSpan;
  readonly labels: readonly { readonly span: StoredSpan; readonly message: string }[];
};

/** The verdict on a storyboard; from the last check, where nothing that it hangs on has changed since. */
export async function checkVerdict(options: CheckOptions = {}): Promise<Verdict> {
  const cwd = options.cwd ?? process.cwd();
  const found = findProject(options.file, cwd);
  if (found.kind === "found") {
    const known = readVerdict(found.project, options, cwd);
    if (known) return known;
  }
  const { check } = await import("./check.ts");
  const checked = await check(options);
  const summary = summaryOf(checked);
  if (summary && checked.project) keepVerdict(checked, summary, options, cwd);
  return { diagnostics: checked.diagnostics, ...(summary && { summary }) };
}

function summaryOf({ films, project, diagnostics }: Checked): Summary | undefined {
  const [first] = films;
  if (!first || !project || hasErrors(diagnostics)) return undefined;
  const { scenes, assets } = first.storyboard;
  return { storyboard: project.storyboard, films: films.length, scenes: scenes.length, assets: assets.size };
}

function recordPath({ hidden, name }: Project): string {
  return join(hidden, "cache", `check.${name}.json`);
}

function questionOf(project: Project, { profile, allowOutside }: CheckOptions, cwd: string): Digest {
  // The root decides what is outside, the folder how files are named in messages.
  return digestOf(canonicalJson({ version: VERSION, root: project.root, cwd, profile, allowOutside }));
}

function readVerdict(project: Project, options: CheckOptions, cwd: string): Verdict | undefined {
  if (VERSION === SOURCE_VERSION) return undefined;
  try {
    const record = JSON.parse(readText(diskFiles, recordPath(project)) ?? "") as VerdictRecord;
    if (record.question !== questionOf(project, options, cwd)) return undefined;
    const isSame = Object.entries(record.media).every(([path, stamp]) => {
      const now = stampOf(path);
      return now && sameStamp(now, stamp);
    });
    const sources = isSame ? readSources(record) : undefined;
    return (
      sources && { summary: record.summary, diagnostics: record.diagnostics.map((d) => restore(d, sources)) }
    );
  } catch {
    return undefined;
  }
}

function readSources({ sources }: VerdictRecord): Source[] | undefined {
  const texts = sources.map(({ path }) => readFileSync(path, "utf8"));
  if (texts.some((text, i) => digestOf(text) !== sources[i]?.digest)) return undefined;
  return texts.map((text, i) => createSource(sources[i]?.name ?? "", sources[i]?.path ?? "", text));
}

function restore({ span, labels, ...diagnostic }: StoredDiagnostic, sources: readonly Source[]): Diagnostic {
  const spanOf = ([source, start, end]: StoredSpan): Span => ({
    source: sources[source] as Source,
    start,
    end,
  });
  return {
    ...diagnostic,
    labels: labels.map((label) => ({ message: label.message, span: spanOf(label.span) })),
    ...(span && { span: spanOf(span) }),
  };
}

/** Kept only when every medium has stood still for a moment; a place that may not be written loses nothing but time. */
function keepVerdict(
  { project, sources, films, diagnostics }: Checked,
  summary: Summary,
  options: CheckOptions,
  cwd: string,
): void {
  if (!project || VERSION === SOURCE_VERSION) return;
  const media: Record<string, FileStamp> = {};
  for (const path of films.flatMap((film) => [...film.media.keys()])) {
    const stamp = stampOf(path);
    if (!stamp || !isSettled(stamp, Date.now())) return;
    media[path] = stamp;
  }
  const numbers = new Map(sources.map((source, i) => [source, i]));
  const record: VerdictRecord = {
    question: questionOf(project, options, cwd),
    sources: sources.map(({ name, path, text }) => ({ name, path, digest: digestOf(text) })),
    media,
    diagnostics: diagnostics.map((diagnostic) => store(diagnostic, numbers)),
    summary,
  };
  try {
    writeWhole(diskFiles, recordPath(project), JSON.stringify(record));
  } catch {
    return;
  }
}

function store(
  { span, labels, ...diagnostic }: Diagnostic,
  numbers: ReadonlyMap<Source, number>,
): StoredDiagnostic {
  const stored = ({ source, start, end }: Span): StoredSpan => [numbers.get(source) ?? 0, start, end];
  return {
    ...diagnostic,
    labels: labels.map((label) => ({ message: label.message, span: stored(label.span) })),
    ...(span && { span: stored(span) }),
  };
}
