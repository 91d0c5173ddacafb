import { Command, Option } from "commander";
import type { AnswerShape } from "../emulator/shapes/shapes.ts";
import {
  amount,
  concurrency,
  film,
  json,
  outside,
  profile,
  provider,
  wholeNumber,
  wishes,
  type Call,
  type Flags,
} from "./flags.ts";

function withRunOptions(command: Command): Command {
  return withOptions(command, wishes())
    .addOption(profile())
    .addOption(concurrency())
    .addOption(
      new Option(
        "--poll-first <s>",
        "seconds to the first look at a task (default: 20, later when tasks are known to last)",
      ).argParser(amount(0, "seconds")),
    )
    .addOption(
      new Option("--poll-every <s>", "at most so many seconds between looks (default: 15)").argParser(
        amount(0, "seconds", true),
      ),
    )
    .addOption(
      new Option(
        "--requests-per-minute <n>",
        "requests to the service, creates and looks together (default: 120)",
      ).argParser(wholeNumber(1, 10_000)),
    )
    .addOption(
      new Option("--deadline <s>", "wait so long for a task in this run (default: 1800)").argParser(
        amount(0, "seconds", true),
      ),
    )
    .option("--wait", "wait until another run on the storyboard has ended")
    .addOption(outside())
    .addOption(json());
}

function withOptions(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option);
  return command;
}

type Add = (usage: string, description: string) => Command;

/** The command line. `run` is called with the one command that was asked for. */
export function createProgram(version: string, run: (call: Call) => Promise<void>): Command {
  const program = new Command("storyc")
    .description(
      "A compiler for films: storyboards in YAML, checked, planned, priced, and never paid for twice.",
    )
    .version(version, "-V, --version")
    .showSuggestionAfterError()
    .showHelpAfterError("(storyc --help lists the commands)");
  const addTo =
    (parent: Command, prefix = ""): Add =>
    (usage, description) => {
      const command = parent.command(usage).description(description);
      command.action((...received: unknown[]) => {
        const args = command.processedArgs as (string | undefined)[];
        return run({ command: prefix + command.name(), args, flags: received.at(-2) as Flags });
      });
      return command;
    };
  const add = addTo(program);
  addReading(add);
  addRendering(add);
  addDeciding(add);
  addTools(add);
  addLock(addTo(program.command("lock").description("what git does with the lockfile"), "lock "));
  return program;
}

function addLock(add: Add): void {
  add(
    "merge [base] [ours] [theirs] [name]",
    "settle a merge conflict of the lockfile: the takes of both sides are kept",
  )
    .usage("[storyboard]  or, as git calls it: BASE OURS THEIRS [NAME]")
    .option("--rehearsal", "the lockfile of rehearsals")
    .addOption(json());
  add("install-merge-driver [storyboard]", "let git merge the lockfile so by itself").addOption(json());
}

/** Commands that look at a storyboard and change nothing. */
function addReading(add: Add): void {
  add("check [storyboard]", "tell everything that is wrong; render nothing")
    .addOption(profile())
    .addOption(outside())
    .addOption(json());
  withOptions(add("plan [storyboard]", "tell what would be rendered, why, and what it costs"), wishes())
    .addOption(provider())
    .addOption(profile())
    .addOption(concurrency())
    .option("--exit-code", "exit with 10 when there is something to do")
    .option("--out <file>", "save it, for `render --plan`")
    .addOption(
      new Option("--format <name>", "markdown: a comment for a pull request; json: the same as --json")
        .choices(["text", "json", "markdown"])
        .default("text"),
    )
    .option(
      "--base <ref>",
      "compare with the commit at which this branch has left REF (for markdown the default: where it is merged into)",
    )
    .addOption(outside())
    .addOption(json());
  add("status [storyboard]", "tell what is made, under way, stale or unknown")
    .option("--cost", "what was paid: billed against quoted, by day and by scene")
    .addOption(film())
    .addOption(provider())
    .addOption(profile())
    .addOption(outside())
    .addOption(json());
  add(
    "show <scene> [storyboard]",
    "print a scene's request as it would be sent, and where each part comes from",
  )
    .addOption(profile())
    .addOption(film())
    .addOption(outside())
    .addOption(json());
  add("graph [storyboard]", "print which scene uses which")
    .addOption(
      new Option("--format <name>", "how it is drawn").choices(["mermaid", "dot"]).default("mermaid"),
    )
    .addOption(outside())
    .addOption(json());
}

function addRendering(add: Add): void {
  withRunOptions(add("render [storyboard]", "render what is new or changed, and join the film"))
    .addOption(provider())
    .addOption(
      new Option("--max-cost <amount>", "refuse to spend more, in the currency of the prices").argParser(
        amount(0, "money"),
      ),
    )
    .option("-y, --yes", "spend without asking")
    .option("--frozen", "fail if anything would be paid for, or fetched from the provider")
    .option("--plan <file>", "do exactly the plan that `plan --out` has saved, or nothing");
  withRunOptions(add("rehearse [storyboard]", "render on the emulator: free, offline, an animatic"));
}

/** Decisions about takes. They are written into the lockfile; but for `cancel` nothing is sent. */
function addDeciding(add: Add): void {
  const on = (usage: string, description: string): Command =>
    add(`${usage} [storyboard]`, description)
      .addOption(film())
      .addOption(provider())
      .addOption(profile())
      .addOption(outside())
      .addOption(json());
  on("takes [scene]", "list the takes of a scene, or of all");
  on("pick <scene> <take>", "select a take, for the film and for what is made from it");
  on("keep <scene>", "accept the selected take although it is stale, until something else changes");
  on("adopt <scene> <task>", "tell which task became of a request whose answer was lost")
    .addOption(new Option("--take <n>", "which take (default: the latest)").argParser(wholeNumber(1, 1e6)))
    .option("--as-new-take", "record it as a new take of what the scene is now");
  on("cancel <scene>", "withdraw the scene's tasks that have not begun, where the provider can").addOption(
    new Option("--take <n>", "one take alone").argParser(wholeNumber(1, 1e6)),
  );
}

const SHAPES: readonly AnswerShape[] = [
  ...(["envelope", "ark", "older", "new-api", "new-api-old", "nested", "openai"] as const),
];

function addTools(add: Add): void {
  add("init [folder]", "write a small storyboard that renders at once")
    .option("--force", "overwrite what is there")
    .addOption(json());
  add("emulator", "serve the API on loopback, with real clips")
    .addOption(
      new Option("--port <n>", "0 takes any that is free").argParser(wholeNumber(0, 65535)).default(0),
    )
    .addOption(
      new Option("--folder <path>", "where tasks and clips are kept").default(".storyc/emulator-server"),
    )
    .addOption(
      new Option("--task-seconds <s>", "a task takes at least so long")
        .argParser(amount(0, "seconds"))
        .default(0),
    )
    .addOption(
      new Option("--asset-seconds <s>", "an asset of the library takes at least so long")
        .argParser(amount(0, "seconds"))
        .default(0),
    )
    .addOption(new Option("--key <key>", "the only key that is accepted (default: any)"))
    .addOption(new Option("--shape <name>", "how answers are shaped").choices(SHAPES).default("envelope"))
    .addOption(new Option("--faults <file>", "what goes wrong on purpose; YAML or JSON"))
    .addOption(
      new Option("--url-seconds <s>", "a link to a clip lives so long")
        .argParser(amount(0, "seconds"))
        .default(86_400),
    )
    .addOption(
      new Option("--in-flight <n>", "answer 429 while so many tasks are unfinished").argParser(
        wholeNumber(1, 10_000),
      ),
    )
    .option("--strict", "refuse fields that the API is not known to read, which it would ignore")
    .addOption(json());
  add("gc [folder]", "tell what nothing needs any more in .storyc; remove it with --yes")
    .option("-y, --yes", "remove it")
    .option("-f, --force", "the same as --yes")
    .option("--forget-unlocked", "also takes that are remembered, but stand in no lockfile of any commit")
    .option("--rehearsals", "also rehearsed takes that no film uses: made again, they cost nothing")
    .addOption(json());
  add("doctor [storyboard]", "tell what this machine can do, and where each setting comes from")
    .option("--online", "also whether the services answer and accept the key; nothing is paid")
    .addOption(json());
  add("schema", "print the storyboard's JSON Schema");
}
