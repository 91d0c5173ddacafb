import type { Step, StepGraph } from "../plan/graph.ts";

/** The graph for a tool that draws it. Ids are numbered, since names may hold what such languages reserve. */
export function graphText(graph: StepGraph, format: "mermaid" | "dot"): string {
  const names = new Map(graph.steps.map((step, i) => [step.id, `s${i}`]));
  const edges = graph.steps.flatMap(({ id }) =>
    (graph.needs.get(id) ?? []).map((need) => [names.get(need), names.get(id)]),
  );
  if (format === "mermaid") {
    return [
      "flowchart LR",
      ...graph.steps.map((step) => `  ${names.get(step.id)}${mermaidShape(step)}`),
      ...edges.map(([from, to]) => `  ${from} --> ${to}`),
    ].join("\n");
  }
  return [
    "digraph storyboard {",
    "  rankdir=LR;",
    ...graph.steps.map(
      (step) =>
        `  ${names.get(step.id)} [label=${JSON.stringify(label(step))}${step.kind === "frame" ? ", shape=note" : step.kind === "film" ? ", shape=doublecircle" : ", shape=box"}];`,
    ),
    ...edges.map(([from, to]) => `  ${from} -> ${to};`),
    "}",
  ].join("\n");
}

function label(step: Step): string {
  switch (step.kind) {
    case "generate":
      return `${step.scene.id}\n${step.scene.mode.kind}, ${step.scene.settings.duration.value} s`;
    case "frame":
      return `${step.which} frame of ${step.scene}`;
    case "film":
      return "film";
  }
}

function mermaidShape(step: Step): string {
  const text = JSON.stringify(label(step).replace("\n", "<br/>"));
  if (step.kind === "frame") return `[/${text}/]`;
  return step.kind === "film" ? `((${text}))` : `[${text}]`;
}
