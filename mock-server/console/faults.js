// The kinds of faults, as they are written.

/** Kinds of faults: their text, their value, and whether they break the contract. */
export const KINDS = [
  { kind: "status", label: "Refuse with a status", value: "429", hint: "429, 500, 503 …" },
  { kind: "latency", label: "Hold the answer back", value: "100ms..2s", hint: "2s, or 100ms..2s" },
  { kind: "slow", label: "Send the body slowly", value: "2KiB/s", hint: "2KiB/s" },
  { kind: "expired", label: "Expired picture URLs", breaks: true },
  { kind: "truncate", label: "Break off in the body", breaks: true },
  { kind: "drop", label: "Drop the connection", breaks: true },
  { kind: "repeat", label: "Repeat the cursor's item", breaks: true },
  { kind: "vanish", label: "Forget the cursor", breaks: true },
];

/** Whether a fault such as `truncate@10%` breaks the contract. */
export function breaks(text) {
  return KINDS.some((one) => one.breaks && text.split(/[=@]/)[0] === one.kind);
}
