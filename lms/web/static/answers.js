// Answers as the page holds them: a list of strings, as the server knows them, or null for none.

const PAUSE = 700; // in typing, before a text counts as an answer

export function read(section) {
  const values = [...inputs(section)]
    .filter((input) => input.type === "text" || input.checked)
    .map((input) => input.value.trim())
    .filter(Boolean);
  return values.length ? values : null;
}

export function write(section, response) {
  for (const input of inputs(section)) {
    if (input.type === "text") input.value = response?.[0] ?? "";
    else input.checked = response?.includes(input.value) ?? false;
  }
}

// An answer as a reader would say it: the labels of what was chosen, or the text.
export function inWords(section, response) {
  return (response ?? [])
    .map((value) => {
      const choice = [...inputs(section)].find((input) => input.type !== "text" && input.value === value);
      return choice ? choice.closest("label").textContent.trim() : value;
    })
    .join("; ");
}

// Calls `touched` at the first sign of a change and `changed` once it is an answer.
export function watch(section, touched, changed) {
  let timer = 0;
  const settle = () => {
    clearTimeout(timer);
    timer = 0;
    changed();
  };
  section.addEventListener("input", (event) => {
    if (event.target.type !== "text") return;
    touched();
    clearTimeout(timer);
    timer = setTimeout(settle, PAUSE);
  });
  section.addEventListener("change", (event) => {
    if (event.target.type !== "text") settle();
    else if (timer) settle();
  });
  section.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type !== "text") return;
    event.preventDefault(); // Enter ends an answer, not the attempt
    if (timer) settle();
  });
}

function inputs(section) {
  return section.querySelectorAll(`[name="${CSS.escape(section.dataset.field)}"]`);
}
